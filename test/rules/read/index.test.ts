import { formatFinding } from '../../../lib/checks/findings';
import { checkRuleFiles } from '../../../lib/rules/check-rules';
import type { RuleFile } from '../../../lib/rules/model';
import { readRules, type ScanOptions } from '../../../lib/rules/read';
import { placeOf, readFindingsOf } from '../../../lib/rules/source';
import { ruleFileToYaml } from '../../../lib/rules/write';
import fc, { anyCharacter, runs } from '../../support/properties';

const findings = (text: string, options?: ScanOptions) =>
  readRules(text, 'r.yaml', options).flatMap(readFindingsOf).map(formatFinding);

const plain = (files: RuleFile[]): unknown => JSON.parse(JSON.stringify(files));

/** Offset of a line and column, both from 1. */
const offsetOf = (text: string, line: number, column: number) =>
  text
    .split('\n')
    .slice(0, line - 1)
    .reduce((sum, { length }) => sum + length + 1, column - 1);

const GROUP = `groups:
  - name: g
    rules:
      - alert: A
        expr: rate({a="b"}[5m]) > 1
`;

describe('readRules', () => {
  test('reads a rule file as Loki does: any scalar as a string, null as not set, merges', () => {
    const text = `groups:
  - name: 7
    interval: 30s
    limit: 3
    rules:
      - alert: A
        expr: 1e3
        for:
        labels: &labels {severity: 010, team:}
        annotations: {on: yes}
      - record: a:b
        expr: "x"
        labels: {<<: *labels, severity: info}
`;
    expect(plain(readRules(text, 'dir/r.yaml'))).toEqual([
      {
        name: 'r.yaml',
        groups: [
          {
            name: '7',
            interval: '30s',
            limit: 3,
            rules: [
              { alert: 'A', expr: '1e3', labels: { severity: '010', team: '' }, annotations: { on: 'yes' } },
              { record: 'a:b', expr: 'x', labels: { severity: 'info', team: '' } },
            ],
          },
        ],
      },
    ]);
    expect(findings(text)).toEqual([]);
  });

  test.each(['AlertingRule', 'RecordingRule'])('reads %s of the Loki operator', (kind) => {
    const text = `apiVersion: loki.grafana.com/v1
kind: ${kind}
metadata: {name: flood, namespace: logging}
spec:
  tenantID: application
  groups:
    - name: g
      rules: [{alert: A, expr: x}]
`;
    expect(plain(readRules(text, 'r.yaml'))).toEqual([
      {
        name: `${kind.toLowerCase()}-logging-flood.yaml`,
        groups: [{ name: 'g', rules: [{ alert: 'A', expr: 'x' }] }],
      },
    ]);
  });

  test('reads lists, PrometheusRule and the rule files in a ConfigMap, with places in the file', () => {
    const text = `apiVersion: v1
kind: List
items:
  - apiVersion: monitoring.coreos.com/v1
    kind: PrometheusRule
    metadata: {name: p}
    spec: {groups: [{name: g, rules: [{record: r, expr: 1}]}]}
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: c}
    data:
      other.txt: hello
      flood.yaml: |
        groups:
          - name: h
            rules:
              - alert: A
                exp: x
`;
    const files = readRules(text, 'r.yaml');
    expect(files.map(({ name }) => name)).toEqual(['prometheusrule-p.yaml', 'flood.yaml']);
    expect(findings(text)).toEqual([
      `r.yaml:18:17: error: alert 'A' in group 'h': unknown field "exp": use one of alert, record, expr, for, labels, annotations; did you mean 'expr'? [unknown-field]`,
    ]);
  });

  test('skips a PrometheusRule that is annotated as PromQL', () => {
    const rule = (metadata: string) => `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: ${metadata}
spec: {groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]}
`;
    const groups = (language: string) =>
      readRules(rule(`{name: p, annotations: {loki-alerts/language: ${language}}}`), 'r.yaml').flatMap(
        (file) => file.groups,
      );
    expect(groups('promql')).toEqual([]);
    expect(groups('logql')).toHaveLength(1);
  });

  test('reads all documents for synthesis, and reports a second document in a file for Loki', () => {
    const text = `${GROUP}---\n${GROUP.replace('name: g', 'name: h')}`;
    expect(readRules(text, 'r.yaml')[0]?.groups.map(({ name }) => name)).toEqual(['g', 'h']);
    expect(findings(text)).toEqual([]);
    expect(findings(text, { target: 'loki' })).toEqual([expect.stringMatching(/^r\.yaml:7:1: .*\[second-document\]$/)]);
  });

  test.each([
    ['keep_firing_for', `${GROUP}        keep_firing_for: 5m\n`, '6:9'],
    ['query_offset', GROUP.replace('    rules:', '    query_offset: 1m\n    rules:'), '3:5'],
    ['labels', GROUP.replace('    rules:', '    labels: {a: b}\n    rules:'), '3:5'],
  ])('reports %s, which Loki drops', (field, text, place) => {
    expect(findings(text)).toEqual([
      expect.stringMatching(`^r.yaml:${place}: error: .*"${field}".*\\[dropped-field\\]$`),
    ]);
  });

  test.each([
    ['unknown field', `${GROUP}        sevirity: x\n`, '6:9', 'unknown-field'],
    ['unknown field at the top', `${GROUP}groop: []\n`, '6:1', 'unknown-field'],
    ['duplicate key', `${GROUP}        alert: B\n`, '6:9', 'duplicate-key'],
    ['list instead of a string', GROUP.replace('rate({a="b"}[5m]) > 1', '[a]'), '5:15', 'yaml-type'],
    ['map instead of a list', 'groups: {a: b}', '1:9', 'yaml-type'],
    ['string instead of a map', 'groups: [a]', '1:10', 'yaml-type'],
    ['limit in quotes', GROUP.replace('    rules:', '    limit: "5"\n    rules:'), '3:12', 'yaml-type'],
    ['not YAML', 'groups: [', '1:10', 'yaml-syntax'],
    ['tabs', 'groups:\n\t- name: g', '2:1', 'yaml-syntax'],
    ['binary', 'groups: \u0000', '1:9', 'yaml-syntax'],
    ['unknown alias', 'groups: *a', '1:9', 'yaml-syntax'],
    ['alias inside its own anchor', 'groups: &a [{name: g, rules: *a}]', '1:30', 'yaml-syntax'],
    ['anchor that go-yaml cannot read', 'groups: [{name: &é g}]', '1:20', 'yaml-syntax'],
    ['unquoted question mark in a flow map', 'groups: [{name: why?}]', '1:17', 'yaml-syntax'],
    ['unquoted leading colon in a flow map', 'groups: [{name: :g}]', '1:17', 'yaml-syntax'],
    ['deep nesting', `groups: ${'['.repeat(100_000)}`, '1:208', 'yaml-syntax'],
    ['other YAML', 'a: b', undefined, 'no-rules'],
  ])('reports %s with its place', (_what, text, place, id) => {
    expect(findings(text)).toEqual([expect.stringMatching(`^r.yaml:${place ?? ''}.*\\[${id}\\]$`)]);
  });

  test('stops at an alias bomb', () => {
    const level = (n: number) => `      - &r${n} {alert: A, expr: x, labels: {<<: [${`*l${n - 1},`.repeat(10)}]}}\n`;
    const labels = Array.from({ length: 9 }, (_, i) => level(i + 1).replace('labels: {', `labels: &l${i + 1} {`)).join(
      '',
    );
    const text = `groups:\n  - name: g\n    rules:\n      - {alert: A, expr: x, labels: &l0 {a: b}}\n${labels}`;
    expect(findings(text)).toContainEqual(
      expect.stringContaining(
        'r.yaml:4:42: error: file: aliases expand to more values than Loki reads: write the values out [yaml-type]',
      ),
    );
  });

  test.each(['\r\n', '\n'])('reads line ends %j and a byte order mark', (end) => {
    const text = `\ufeff${GROUP}`.replaceAll('\n', end);
    const [file] = readRules(text, 'r.yaml');
    expect(findings(text)).toEqual([]);
    const rule = file?.groups[0]?.rules[0];
    expect(rule && placeOf(rule, ['expr'], 5)).toEqual({
      file: 'r.yaml',
      line: 5,
      column: 20,
      offset: offsetOf(text, 5, 20),
    });
  });

  test.each([
    ['plain', 'expr: sum(x)', [5, 19]],
    ['quoted', `expr: 'sum(x)'`, [5, 20]],
    ['escaped', 'expr: "s\\u0075m(\\"x"', [5, 27]],
    ['block', 'expr: |-\n          sum(\n            x\n          )', [7, 13]],
    ['folded', 'expr: >-\n          sum(\n          x\n          )', [7, 11]],
    ['multi-line plain', 'expr: sum(\n         x\n          )', [6, 10]],
    ['multi-line quoted', 'expr: "sum(\\\n            x)"', [6, 13]],
  ] as const)('finds the place of an offset in a %s scalar', (_what, expr, [line, column]) => {
    const text = GROUP.replace(/expr: .*/, expr);
    const rule = readRules(text, 'r.yaml')[0]?.groups[0]?.rules[0];
    const offset = offsetOf(text, line, column);
    expect(rule && placeOf(rule, ['expr'], rule.expr.indexOf('x'))).toEqual({ file: 'r.yaml', line, column, offset });
  });

  test('never throws, and places every finding in the file', () => {
    const piece = fc.constantFrom(
      'groups:',
      '- ',
      '  ',
      '\n',
      'name: g',
      'rules:',
      '[',
      '{',
      '}',
      '&a ',
      '*a',
      '<<: ',
      ': ',
      '"',
      "'",
      '|',
      '---\n',
      '#',
      'alert: A',
      'expr: ',
      '\t',
      '!!str ',
      '\r',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: anyCharacter }),
          fc.array(piece, { maxLength: 40 }).map((p) => p.join('')),
        ),
        (text) => {
          for (const finding of checkRuleFiles(readRules(text, 'r.yaml'))) expect(finding.place?.file).toBe('r.yaml');
        },
      ),
      { numRuns: runs(200) },
    );
  });

  test('reads written rules back unchanged', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: anyCharacter }),
      fc.stringMatching(/^( *\S* *\n?){1,4}$/),
      fc.constantFrom('yes', 'null', '007', '1e3', '\u2028a', 'a: b', '# c', '- d', '<<'),
    );
    const map = fc.dictionary(text, text, { minKeys: 1, maxKeys: 3 });
    // Comments do not keep line breaks, nor spaces at their ends.
    const reason = text.map((each) => each.replace(/[\s\p{Cc}\p{Cs}\ufffe\uffff]+/gu, ' ').trim());
    const waive = fc.array(fc.record({ check: fc.constantFrom('a', 'b'), reason }), { minLength: 1, maxLength: 2 });
    const rule = fc.record(
      { alert: text.filter(Boolean), expr: text, for: text, labels: map, annotations: map, waive },
      { requiredKeys: ['alert', 'expr'] },
    );
    const group = fc.record(
      { name: text, interval: text, limit: fc.nat(), rules: fc.array(rule, { maxLength: 3 }) },
      { requiredKeys: ['name', 'rules'] },
    );
    fc.assert(
      fc.property(fc.array(group, { maxLength: 3 }), (groups) => {
        const written = ruleFileToYaml({ name: 'r.yaml', groups });
        expect(plain(readRules(written, 'r.yaml'))).toEqual(plain([{ name: 'r.yaml', groups }]));
      }),
    );
  });
});

describe('waiver comments', () => {
  test.each([false, true])('are read in a ConfigMap as in a file; quoted: %j', (quoted) => {
    const file = GROUP.replace('- alert', '# loki-alerts: waive a because of this\n      - alert');
    const value = quoted ? JSON.stringify(file) : `|\n${file.replace(/^/gm, '    ')}`;
    const manifest = `kind: ConfigMap\napiVersion: v1\nmetadata: {name: c}\ndata:\n  r.yaml: ${value}\n`;
    const files = readRules(manifest, 'm.yaml');
    expect(plain(files)).toMatchObject([
      { name: 'r.yaml', groups: [{ rules: [{ waive: [{ check: 'a', reason: 'of this' }] }] }] },
    ]);
    expect(files.flatMap(readFindingsOf)).toEqual([]);
  });

  const waivers = (text: string) =>
    readRules(text, 'r.yaml').flatMap((f) =>
      f.groups.flatMap((g) => g.rules.map((r) => r.waive?.map(({ check, reason }) => [check, reason]))),
    );

  test('belong to the rule that they are in or above', () => {
    const text = `# loki-alerts: waive head because it is at no rule
groups:
  - name: g
    rules:
      # loki-alerts: waive a because of this
      - alert: A
        expr: x # loki-alerts: waive b because of that
        # loki-alerts: waive c because it may be inside
        for: 1m

      # loki-alerts: waive d
      - alert: B
        expr: |
          x # loki-alerts: waive e because LogQL has comments too
      # loki-alerts: waive tail because
`;
    expect(waivers(text)).toEqual([
      [
        ['a', 'of this'],
        ['b', 'of that'],
        ['c', 'it may be inside'],
      ],
      [
        ['d', ''],
        ['e', 'LogQL has comments too'],
      ],
    ]);
    expect(findings(text)).toEqual([
      expect.stringMatching(
        /^r\.yaml:1:1: warning: "waive head because it is at no rule" is not at a rule, so it has no effect: move it into or directly above the rule \[waiver-unused\]$/,
      ),
      expect.stringMatching(
        /^r\.yaml:15:7: warning: invalid waiver "waive tail because": use # loki-alerts: waive <check> because <reason> \[waiver-unused\]$/,
      ),
    ]);
  });

  test.each(['\n', '\r\n'])(
    'belong to the rule before them if they are indented like its fields; line break %j',
    (eol) => {
      const text = `groups:
  - name: g
    rules:
      - alert: A
        expr: x

        # loki-alerts: waive a because of this
      # loki-alerts: waive b because of that
        # loki-alerts: waive c because of those
      - alert: B
        expr: x
        # loki-alerts: waive d because it is the last
  - name: h
    rules:
      - {alert: C, expr: x}
`.replace(/\n/g, eol);
      expect(waivers(text)).toEqual([
        [['a', 'of this']],
        [
          ['b', 'of that'],
          ['c', 'of those'],
          ['d', 'it is the last'],
        ],
        undefined,
      ]);
      expect(findings(text)).toEqual([]);
    },
  );
});
