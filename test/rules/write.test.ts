import type { RuleFile } from '../../lib/rules/model';
import { ruleFileToYaml } from '../../lib/rules/write';

const flood: RuleFile = {
  name: 'flood.yaml',
  groups: [
    {
      rules: [
        {
          waive: [
            { check: 'no-comparison', reason: 'why\n\n- alert: not' },
            { check: 'unique-grouping', reason: '' },
          ],
          annotations: { title: 'Many lines: {{ $value }}' },
          for: '1m',
          labels: { severity: 'warning', on: 'yes' },
          expr: 'sum by (app) (\n  rate({job=~".+"}[1m])\n) > 60',
          alert: 'Flood',
        },
        { record: 'app:lines:rate1m', expr: 'sum(rate({job=~".+"}[1m]))', labels: {} },
      ],
      interval: '30s',
      name: 'flood',
    },
  ],
};

test('writes fields in the documented order, multi-line expressions as block literals, waivers as one-line comments', () => {
  expect(ruleFileToYaml(flood)).toBe(`groups:
  - name: flood
    interval: 30s
    rules:
      # loki-alerts: waive no-comparison because why - alert: not
      # loki-alerts: waive unique-grouping
      - alert: Flood
        expr: |-
          sum by (app) (
            rate({job=~".+"}[1m])
          ) > 60
        for: 1m
        labels:
          severity: warning
          "on": "yes"
        annotations:
          title: "Many lines: {{ $value }}"
      - record: app:lines:rate1m
        expr: sum(rate({job=~".+"}[1m]))
`);
});

test('escapes line separators, which are line breaks to Loki', () => {
  const yaml = ruleFileToYaml({ name: 'a', groups: [{ name: 'g\u2028h', rules: [] }] });
  expect(yaml).toContain('name: "g\\u2028h"');
});
