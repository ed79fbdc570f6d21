import { updateText } from '../../lib/rule-tests/update';

const FILE = `# about the file
rule_files: [rules.yaml]
tests:
  - name: flood
    alert_rule_test:
      - eval_time: 5m # full
        alertname: A
        exp_alerts:
          - exp_labels: { app: a }   # gone
      # next
      - { eval_time: 6m, alertname: A, exp_state: firing }
      - { eval_time: 7m, alertname: A }
      - eval_time: 8m
        alertname: A
`;
const at = (index: number, field: string) => ['tests', 0, 'alert_rule_test', index, field];

test('writes actual values and keeps the rest of the file unchanged', () => {
  const got = [{ exp_labels: { app: 'b', severity: 'warning' }, exp_annotations: {} }];
  const updated = updateText(FILE, [
    { path: at(0, 'exp_alerts'), got },
    { path: at(1, 'exp_state'), got: 'pending' },
    { path: at(2, 'exp_alerts'), got },
    { path: at(3, 'exp_alerts'), got: [] },
  ]);
  expect(updated).toBe(`# about the file
rule_files: [rules.yaml]
tests:
  - name: flood
    alert_rule_test:
      - eval_time: 5m # full
        alertname: A
        exp_alerts:
          - exp_labels:
              app: b
              severity: warning
            exp_annotations: {}
      # next
      - { eval_time: 6m, alertname: A, exp_state: pending }
      - { eval_time: 7m, alertname: A, exp_alerts: [ { exp_labels: { app: b, severity: warning }, exp_annotations: {} } ] }
      - eval_time: 8m
        alertname: A
        exp_alerts: []
`);
});
