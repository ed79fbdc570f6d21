import type { Rule, RuleFile } from '../../../lib/rules/model';
import { withTenant } from '../../../lib/rules/tenant';
import fc from '../../support/properties';

/** Texts that YAML, JSON or an annotation could change. */
const text = fc.oneof(
  fc.constantFrom(
    'yes',
    '0o7',
    'a: b',
    '# no comment',
    '{{ $value | printf "%.1f" }}',
    'two\nlines\n',
    ' x ',
    '<&>',
    'ä 🎉',
  ),
  fc.string({ minLength: 1, maxLength: 20 }).map((any) => any.replace(/[\ud800-\udfff]/g, '')),
);

const waive = fc.constantFrom<Rule['waive'][]>(
  undefined,
  [{ check: 'no-comparison', reason: 'a heartbeat: "always" on' }],
  [
    { check: 'no-comparison', reason: 'it fires always' },
    { check: 'own-query-log', reason: 'Loki logs no queries' },
  ],
);

const alert: fc.Arbitrary<Rule> = fc.record({
  alert: fc.stringMatching(/^[A-Z][a-z]{2,8}$/),
  expr: fc.constantFrom(
    'vector(1)',
    'sum by (app) (\n  rate({app="web"} |= `a "b"` [5m])\n) > 1',
    'count_over_time({app=~".+"} |~ "\\\\d+ <b>" [10m]) > 5',
  ),
  for: fc.constantFrom(undefined, '0s', '5m', '1h30m'),
  labels: fc.constantFrom(undefined, { severity: 'warning', on: 'yes' }),
  annotations: fc.option(fc.record({ summary: text, description: text }), { nil: undefined }),
  waive,
});

const recording: fc.Arbitrary<Rule> = fc.record({
  record: fc.stringMatching(/^[a-z]{2,5}:[a-z]{2,5}$/),
  expr: fc.constant('sum by (app) (rate({app="web"}[5m]))'),
  labels: fc.constantFrom(undefined, { unit: 'lines' }),
});

const group = fc.record({
  interval: fc.constantFrom(undefined, '30s', '5m'),
  limit: fc.constantFrom(undefined, 10),
  rules: fc.array(fc.oneof(alert, recording), { minLength: 1, maxLength: 4 }),
});

/** Valid rule files, some of which belong to a tenant. */
export const ruleFileLists: fc.Arbitrary<RuleFile[]> = fc
  .uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z]{1,6}$/),
      tenant: fc.constantFrom(undefined, 'shop', 'bank'),
      groups: fc.array(group, { minLength: 1, maxLength: 3 }),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
  )
  .map((files) =>
    files.map(({ name, tenant, groups }) =>
      withTenant({ name: `${name}.yaml`, groups: groups.map((each, i) => ({ name: `g${i}`, ...each })) }, tenant),
    ),
  );
