import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeRuleTests } from '../../lib/rule-tests';
import type { RuleFile } from '../../lib/rules/model';

const rules: RuleFile[] = [
  {
    name: 'flood.yaml',
    groups: [{ name: 'g', rules: [{ alert: 'Flood', expr: 'sum by (app) (rate({app="web"}[1m])) > 1', for: '1m' }] }],
  },
];

describeRuleTests(
  'rules defined in TypeScript, in jest',
  {
    rules,
    tests: [
      {
        name: 'a flood fires',
        input_streams: [{ labels: { app: 'web' }, lines: [{ to: '5m', rate: '2/s', line: 'GET /{{n}}' }] }],
        alert_rule_test: [
          { eval_time: '1m', alertname: 'Flood', exp_state: 'pending' },
          { eval_time: '5m', alertname: 'Flood', exp_alerts: [{ exp_labels: { app: 'web' } }] },
        ],
      },
      { name: 'silence does not fire', alert_rule_test: [{ eval_time: '5m', alertname: 'Flood', exp_alerts: [] }] },
    ],
  },
  __dirname,
);

test('runs in node:test and reports the reason of a failure', () => {
  const dir = mkdtempSync(join(__dirname, 'node-test-'));
  try {
    const file = join(dir, 'rules.test.ts');
    writeFileSync(
      file,
      `import { describeRuleTests } from '../../../lib/rule-tests';
describeRuleTests('rules', {
  rules: ${JSON.stringify(rules)},
  tests: [
    { name: 'passes', alert_rule_test: [{ eval_time: '1m', alertname: 'Flood', exp_alerts: [] }] },
    { name: 'fails', alert_rule_test: [{ eval_time: '1m', alertname: 'Flood', exp_state: 'firing' }] },
  ],
}, __dirname);`,
    );
    const { stdout, status } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '--test-reporter', 'tap', file], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/ok 1 - passes[\s\S]*not ok 2 - fails[\s\S]*Flood: state at 1m/);
    expect(status).toBe(1);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
