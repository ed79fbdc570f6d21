import { namespaceOf, planTenant } from '../../lib/remote-loki/plan';
import { diffGroups, isUnchanged } from '../../lib/remote-loki/rule-diff';
import { expressionKey } from '../../lib/remote-loki/same-expression';

const EXPR = 'sum by (app) (rate({app="web"}[5m])) > 1';
const alert = (name: string, more: object = {}) => ({ alert: name, expr: EXPR, ...more });
const group = (rules: readonly object[], more: object = {}) => ({ name: 'g', rules, ...more });

describe('expressions with the same meaning', () => {
  test.each([
    [' sum by(app)(rate( {app="web"} [ 5m ] ))>1 # a comment\n'.replace('[ 5m ]', '[5m]'), EXPR],
    ['(sum by (app)(rate({app="web"}[300s])) > 1)', EXPR],
    ['sum by (app) (rate({app=`web`}[5m])) > 1.0', EXPR],
    [
      'sum(count_over_time({app="web"} | logfmt | status>=500[1m]))',
      'sum(count_over_time({app="web"}\n  | logfmt | status >= 500 [1m]))',
    ],
  ])('%s', (a, b) => expect(expressionKey(a)).toBe(expressionKey(b)));

  test.each([
    EXPR.replace('> 1', '>= 1'),
    EXPR.replace('web', 'Web'),
    EXPR.replace('5m', '6m'),
    EXPR.replace('by', 'without'),
    EXPR.replace('}', '} |= ""'),
    EXPR.replace('}', '} offset 1m '),
    `${EXPR} or vector(0)`,
  ])('not %s', (other) => expect(expressionKey(other)).not.toBe(expressionKey(EXPR)));

  test('an expression that is not LogQL is compared as text', () => {
    expect(expressionKey(' up{ ')).toBe('up{');
  });
});

describe('a group', () => {
  test('is unchanged if only the notation differs, or what Loki drops', () => {
    const before = group([alert('A', { for: '1m', labels: { b: '2', a: '1' } })], { interval: '60s' });
    const after = group([alert('A', { for: '60s', labels: { a: '1', b: '2', c: '' }, annotations: {}, waive: [] })], {
      interval: '1m',
      limit: 0,
    });
    expect(isUnchanged(diffGroups(before, after))).toBe(true);
  });

  test('shows changed, added and removed fields', () => {
    const before = group([alert('A', { for: '1m', labels: { team: 'a' } })], { interval: '1m' });
    const after = group([alert('A', { expr: '{', labels: { team: 'b' }, annotations: { title: 't' } })], { limit: 3 });
    expect(diffGroups(before, after)).toEqual({
      fields: [
        { field: 'interval', before: '1m', after: undefined },
        { field: 'limit', before: undefined, after: '3' },
      ],
      rules: [
        {
          change: 'changed',
          rule: "alert 'A'",
          fields: [
            { field: 'expr', before: EXPR, after: '{' },
            { field: 'for', before: '1m', after: undefined },
            { field: 'labels.team', before: '"a"', after: '"b"' },
            { field: 'annotations.title', before: undefined, after: '"t"' },
          ],
        },
      ],
      reordered: false,
    });
  });

  test('shows a field that only the stored version has', () => {
    const before = group([alert('A', { keep_firing_for: '5m' })]);
    expect(diffGroups(before, group([alert('A')])).rules[0]?.fields).toEqual([
      { field: 'keep_firing_for', before: '5m', after: undefined },
    ]);
  });

  test('pairs rules of one name by their labels, wherever they are', () => {
    const of = (severity: string, threshold: number) =>
      alert('A', { expr: EXPR.replace('> 1', `> ${threshold}`), labels: { severity } });
    const before = group([of('warning', 1), of('critical', 10)]);
    const after = group([of('critical', 20), of('warning', 1)]);
    const diff = diffGroups(before, after);
    expect(diff.reordered).toBe(true);
    expect(diff.rules.map(({ change, fields }) => [change, fields.map(({ field }) => field)])).toEqual([
      ['changed', ['expr']],
    ]);
  });

  test('a renamed rule is removed and added; an alert is not a recording rule of the same name', () => {
    const { rules } = diffGroups(group([alert('A')]), group([{ record: 'A', expr: EXPR }]));
    expect(rules.map(({ change, rule }) => [change, rule])).toEqual([
      ['added', "recording rule 'A'"],
      ['removed', "alert 'A'"],
    ]);
  });
});

describe('a plan', () => {
  const file = (name: string, ...groups: string[]) => ({
    name,
    groups: groups.map((each) => ({ name: each, rules: [alert(each)] })),
  });
  const stored = new Map([
    ['web', file('', 'same', 'old').groups],
    ['gone', file('', 'last').groups],
    ['theirs', file('', 'x').groups],
  ]);
  const summary = (namespaces: readonly string[]) => {
    const plan = planTenant([file('web.yaml', 'new', 'same')], stored, { namespaces });
    return { ...plan, changes: plan.changes.map(({ change, namespace, group: name }) => [change, namespace, name]) };
  };

  test('only changes owned namespaces, and deletes last', () => {
    expect(summary([])).toMatchObject({
      changes: [
        ['added', 'web', 'new'],
        ['removed', 'web', 'old'],
      ],
      unchanged: 1,
      foreign: ['gone', 'theirs'],
    });
    expect(summary(['gone', 'unknown'])).toMatchObject({
      changes: [
        ['added', 'web', 'new'],
        ['removed', 'web', 'old'],
        ['removed', 'gone', 'last'],
      ],
      foreign: ['theirs'],
    });
  });

  test('a namespace is the name of the file without its extension, as of lokitool', () => {
    expect(['web.yaml', 'web.prod.yml', 'web'].map((name) => namespaceOf({ name }))).toEqual([
      'web',
      'web.prod',
      'web',
    ]);
  });
});
