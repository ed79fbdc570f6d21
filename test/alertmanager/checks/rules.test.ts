import { checkRoutesAgainstRules } from '../../../lib/alertmanager/checks/rules';
import type { AlertmanagerConfig } from '../../../lib/alertmanager/config/config';
import type { AlertRule, Waiver } from '../../../lib/rules/model';

const config: AlertmanagerConfig = {
  route: { receiver: 'all', routes: [{ matchers: ['severity="warning"'], receiver: 'team' }] },
  receivers: [{ name: 'all' }, { name: 'team' }],
};

function check(severity: string, waive?: readonly Waiver[]): string[] {
  const rule: AlertRule = { alert: 'A', expr: 'sum(rate({app="a"}[1m])) > 1', labels: { severity }, waive };
  return checkRoutesAgainstRules(config, [{ name: 'r.yaml', groups: [{ name: 'g', rules: [rule] }] }]).map(
    ({ id }) => id,
  );
}

const waiver = { check: 'route-catch-all-only', reason: 'the catch-all is read by everybody' };

test('a severity that no route asks for is told', () => {
  expect(check('warning')).toEqual([]);
  expect(check('critical')).toEqual(['route-catch-all-only']);
});

test('a waiver with a reason silences it', () => {
  expect(check('critical', [waiver])).toEqual([]);
  expect(check('critical', [{ ...waiver, reason: ' ' }])).toEqual(['route-catch-all-only']);
});

test('a route to the receiver of the root takes what it asks for', () => {
  const repeated: AlertmanagerConfig = {
    route: { receiver: 'all', routes: [{ matchers: ['severity="critical"'], receiver: 'all', repeat_interval: '1h' }] },
    receivers: [{ name: 'all' }],
  };
  const check = (severity: string) => {
    const rule: AlertRule = { alert: 'A', expr: 'sum(rate({app="a"}[1m])) > 1', labels: { severity } };
    return checkRoutesAgainstRules(repeated, [{ name: 'r.yaml', groups: [{ name: 'g', rules: [rule] }] }]).length;
  };
  expect(check('critical')).toBe(0);
  expect(check('critcal')).toBe(1);
});
