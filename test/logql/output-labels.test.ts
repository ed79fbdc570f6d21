import { type Expr, outputLabels, parseLogQL } from '../../lib/logql';

const labels = (query: string): string => {
  const { exact, labels } = outputLabels(parseLogQL(query).expr as Expr);
  return [...labels, ...(exact ? [] : ['…'])].join(' ');
};

test.each([
  ['vector(1)', ''],
  ['sum(rate({app="web"}[5m]))', ''],
  ['sum by (app, level) (rate({app="web"} | json [5m]))', 'app level'],
  ['sum by (b) (sum by (a) (rate({app="web"}[5m])))', ''],
  ['sum without (pod) (sum by (app, pod) (rate({app="web"}[5m])))', 'app'],
  ['rate({app="web"}[5m])', 'app …'],
  ['rate({app="web"} | json status="s" | label_format code=status [5m])', 'app code …'],
  ['rate({app="web"} | pattern "<ip> <_>" | keep ip, app [5m])', 'ip app'],
  ['max_over_time({app="web"} | logfmt | unwrap took [5m]) by (app)', 'app'],
  ['max_over_time({app="web"} | logfmt took | unwrap took [5m])', 'app …'],
  ['absent_over_time({app="web", level=~"a|b", env="x", env="y"}[5m])', 'app'],
  ['topk(3, sum by (app) (rate({app="web"}[5m])))', 'app'],
  ['label_replace(sum by (app) (rate({app="web"}[5m])), "team", "$1", "app", "(.*)")', 'app team'],
  ['sum by (app) (rate({a="b"}[5m])) / on (app) group_left (team) sum by (app, team) (rate({a="b"}[5m]))', 'app team'],
  ['sum by (app, x) (rate({a="b"}[5m])) / on (app) sum by (app, y) (rate({a="b"}[5m]))', 'app'],
  ['sum by (app) (rate({a="b"}[5m])) or sum by (pod) (rate({a="b"}[5m]))', 'app pod'],
  ['1 - sum by (app) (rate({a="b"}[5m]))', 'app'],
])('%s returns the labels: %s', (query, expected) => {
  expect(labels(query)).toBe(expected);
});

test('a deep expression does not exhaust the stack', () => {
  expect(labels(`sum by (a) (rate({a="b"}[5m]))${' + vector(1)'.repeat(10_000)}`)).toBe('a');
});
