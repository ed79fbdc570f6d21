import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planFile } from '../../lib/rule-tests/plan';
import { parseTestFile } from '../../lib/rule-tests/read';

const dir = mkdtempSync(join(tmpdir(), 'plan-'));
beforeAll(() => {
  writeFileSync(
    join(dir, 'rules.yaml'),
    `groups:
  - name: g
    interval: 15s
    rules:
      - { alert: HighLogRate, expr: 'sum(rate({app="web"}[1m])) > 1' }
      - { record: 'app:rate', expr: 'sum(rate({app="web"}[1m]))' }
`,
  );
  writeFileSync(
    join(dir, 'reader.yaml'),
    `groups: [{ name: g, rules: [{ record: 'app:rate', expr: 'sum(rate({app="web"}[1m]))' }, { alert: A, expr: 'app:rate > 5' }] }]`,
  );
  writeFileSync(
    join(dir, 'broken.yaml'),
    `groups: [{ name: g, rules: [{ alert: A, expr: 'sum(rate({app="web"[1m])) > 1' }] }]`,
  );
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Returns the problems of a test, one per line. */
function problems(test: string, rules = 'rules.yaml'): string {
  try {
    planFile(parseTestFile(`rule_files: [${rules}]\ntests:\n  - name: t\n${test}`, 't.test.yaml', dir));
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test('suggests a similar name for an unknown alert', () => {
  expect(problems('    alert_rule_test: [{ eval_time: 1m, alertname: HighLogRates }]')).toBe(
    `t.test.yaml:4:51: error: test 't': 'tests[0].alert_rule_test[0].alertname': unknown alert "HighLogRates": correct the name, or add the file that defines it to "rule_files"; did you mean 'HighLogRate'? [rule-test]`,
  );
});

describe('rules of several tenants', () => {
  const configMap = (tenant?: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${tenant ?? 'own'}${tenant ? `, annotations: { loki-alerts/tenant: ${tenant} }` : ''} }
data: { r.yaml: 'groups: [{ name: g, rules: [{ alert: A, expr: "vector(1) > 0", labels: { of: ${tenant ?? 'own'} } }] }]' }
`;
  const planned = (tenant?: string, owners = [undefined, 'shop', 'bank']) => {
    writeFileSync(join(dir, 'dist.yaml'), owners.map(configMap).join('---\n'));
    const test = '{ alert_rule_test: [{ eval_time: 1m, alertname: A, exp_state: firing }] }';
    const head = `rule_files: [dist.yaml]\n${tenant ? `tenant: ${tenant}\n` : ''}`;
    const { alerts } = planFile(parseTestFile(`${head}tests: [${test}]`, 't.test.yaml', dir));
    return alerts.map(({ rule }) => rule.labels?.of);
  };

  test('uses those of the named tenant, or of the tenant of the stack', () => {
    expect([planned(), planned('shop'), planned('bank')]).toEqual([['own'], ['shop'], ['bank']]);
  });

  test('rejects a missing tenant if the stack has no rules of its own', () => {
    expect(() => planned(undefined, ['shop', 'bank'])).toThrow(
      `t.test.yaml:1:13: error: no rules of tenant "fake" in "rule_files": set "tenant" to one of 'shop', 'bank' [rule-test]`,
    );
  });

  test('rejects a tenant without rules', () => {
    expect(() => planned('shpo')).toThrow(
      `t.test.yaml:2:9: error: no rules of tenant "shpo" in "rule_files": set "tenant" to one of 'fake', 'shop', 'bank' [rule-test]`,
    );
  });
});

test('rejects a time between two evaluations, which promtool would round silently', () => {
  expect(problems('    alert_rule_test: [{ eval_time: 70s, alertname: HighLogRate }]')).toMatch(
    /t\.test\.yaml:4:36: error: test 't': 'tests\[0\]\.alert_rule_test\[0\]\.eval_time': no evaluation at 70s: the rule is evaluated every 15s: use 1m or 1m15s \[rule-test\]/,
  );
});

test('a message needs one rule that is evaluated at its time', () => {
  writeFileSync(
    join(dir, 'intervals.yaml'),
    `groups:
  - { name: often, interval: 1m, rules: [{ alert: A, expr: 'sum(rate({app="web"}[1m])) > 1' }] }
  - { name: rarely, interval: 15m, rules: [{ alert: B, expr: 'sum(rate({app="web"}[15m])) > 1' }] }
`,
  );
  writeFileSync(join(dir, 'am.yaml'), 'route: { receiver: a }\nreceivers: [{ name: a }]\n');
  const of = (time: string) =>
    problems(
      `    notification_test: [{ eval_time: ${time}, exp_notifications: [] }]\nalertmanager_config: am.yaml`,
      'intervals.yaml',
    );
  expect(of('16m')).toBe('');
  expect(of('90s')).toMatch(/no evaluation at 90s: the rule is evaluated every 1m: use 1m or 2m/);
});

test.each([
  ['a test without expectations', '    input_streams: []', /has no expectations/],
  [
    'messages without routes',
    '    notification_test: [{ eval_time: 1m, exp_notifications: [] }]',
    /requires "alertmanager_config": set it at the top of the file/,
  ],
  [
    'an expression that is not valid LogQL',
    "    logql_expr_test: [{ expr: 'sum(rate({app=)', eval_time: 1m }]",
    /t\.test\.yaml:4:31: error: test 't': 'tests\[0\]\.logql_expr_test\[0\]\.expr': invalid LogQL: unexpected `\)`, expected a string in double quotes or backticks \[rule-test\]/,
  ],
  [
    'an unknown recording rule',
    "    logql_expr_test: [{ expr: 'app:rates', eval_time: 1m }]",
    /t\.test\.yaml:4:31: error: test 't': 'tests\[0\]\.logql_expr_test\[0\]\.expr': "app:rates" is neither LogQL nor a recording rule in "rule_files": correct the name \[rule-test\]/,
  ],
  [
    'samples of a log query',
    `    logql_expr_test: [{ expr: '{app="web"}', eval_time: 1m, exp_samples: [] }]`,
    /t\.test\.yaml:4:31: error: test 't': 'tests\[0\]\.logql_expr_test\[0\]\.expr': a log query returns no samples: use "exp_logs", or count the lines with count_over_time \[rule-test\]/,
  ],
  [
    'lines of a metric query',
    `    logql_expr_test: [{ expr: 'vector(1)', eval_time: 1m, exp_logs: [] }]`,
    /t\.test\.yaml:4:31: error: test 't': 'tests\[0\]\.logql_expr_test\[0\]\.expr': a metric query returns no lines: use "exp_samples" \[rule-test\]/,
  ],
])('rejects %s', (_name, text, message) => {
  expect(problems(text)).toMatch(message);
});

test('reports rules that Loki would not load, with their place in the rule file', () => {
  expect(problems('    alert_rule_test: [{ eval_time: 1m, alertname: A }]', 'broken.yaml')).toMatch(
    /broken.yaml:1:\d+: error: alert 'A'.*logql/s,
  );
  expect(problems('    alert_rule_test: [{ eval_time: 1m, alertname: A }]', 'none.yaml')).toMatch(
    /no file with rules matches/,
  );
});

test('rejects an alert on a recorded metric', () => {
  expect(problems('    alert_rule_test: [{ eval_time: 1m, alertname: A }]', 'reader.yaml')).toMatch(
    /reader.yaml:1:\d+: error: alert 'A': reads "app:rate", which Loki's ruler writes to Prometheus and cannot read/,
  );
});
