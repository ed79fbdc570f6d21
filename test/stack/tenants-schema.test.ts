import type { LogAlertingProps } from '../../lib';
import { formatFinding, formatMessage } from '../../lib/checks/findings';
import { checkLogAlerting } from '../../lib/stack/check-stack';
import { checkLogAlertingOptions } from '../../lib/stack/validate-props';
import { PROPS } from '../manifests/synth';

/** Returns the findings on the options of the demo with some of them replaced. */
const found = (instead: object) => checkLogAlertingOptions({ ...PROPS, ...instead }).map(formatMessage);

describe('tenants', () => {
  const { rules } = PROPS;
  const tenant = { namespaces: ['shop'], rules };

  test('are valid with namespaces, rules and limits', () => {
    const limits = { retention_period: '30d', ingestion_rate_mb: 0.5, per_stream_rate_limit: '3MB' };
    expect(
      found({ tenants: { shop: { ...tenant, limits }, 'team-1': { ...tenant, namespaces: ['a', 'b'] } } }),
    ).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    [
      'no rules',
      { shop: { ...tenant, rules: [] } },
      /^option 'tenants.shop.rules': is empty, so the tenant receives no alerts/,
    ],
    ['missing rules', { shop: { namespaces: ['shop'] } }, /^option 'tenants.shop.rules'/],
    ['no namespace', { shop: { ...tenant, namespaces: [] } }, /'tenants.shop.namespaces': is empty, so the tenant/],
    [
      'a namespace of another tenant',
      { shop: tenant, bank: tenant },
      /^option 'tenants': namespace 'shop' is in both 'shop' and 'bank', .*: remove one of the two$/,
    ],
    [
      'a namespace twice',
      { shop: { ...tenant, namespaces: ['a', 'a'] } },
      /duplicate namespace 'a' in 'shop': remove one of the two/,
    ],
    [
      "one of the stack's namespaces",
      { shop: { ...tenant, namespaces: ['logging'] } },
      /^option 'tenants': contains a namespace of the stack, .*: remove it/,
    ],
    [
      'an invalid name',
      { Shop_1: tenant },
      /option 'tenants\.Shop_1': "Shop_1" is not a valid name for a tenant: use up to 40 of a-z, 0-9 and -/,
    ],
    ['the reserved name', { fake: tenant }, /"fake" is reserved for the stack's own tenant, .*: use another name/],
    [
      'an unknown limit',
      { shop: { ...tenant, limits: { max_lines: 1 } } },
      /option 'tenants\.shop\.limits\.max_lines': is not an option: use one of retention_period, ingestion_rate_mb, ingestion_burst_size_mb, per_stream_rate_limit, per_stream_rate_limit_burst, max_line_size, max_query_length, max_query_series, tsdb_max_query_parallelism, max_entries_limit_per_query, query_timeout, ruler_max_rules_per_rule_group, ruler_max_rule_groups_per_tenant; did you mean 'max_line_size'\?/,
    ],
    [
      'a query timeout above that of the server',
      { shop: { ...tenant, limits: { query_timeout: '11m' } } },
      /is longer than the timeout of responses, 10m/,
    ],
    [
      'an invalid size',
      { shop: { ...tenant, limits: { max_line_size: '1Mi' } } },
      /option 'tenants\.shop\.limits\.max_line_size': "1Mi" is not a valid size: use a number with KB, MB or GB, e.g. 3MB/,
    ],
  ])('are rejected with %s', (_, tenants, message) => {
    expect(found({ tenants })).toEqual([expect.stringMatching(message)]);
  });

  test('are checked even if their options or those of another tenant are invalid', () => {
    const wrong = (expr: string) => [{ name: 'r.yaml', groups: [{ name: 'g', rules: [{ alert: 'A', expr }] }] }];
    const tenants = {
      shop: { ...tenant, rules: wrong('rate({app="a"}[1.5m]) > 1'), limits: { retention_period: '30 days' } },
      bank: { namespaces: ['bank'], rules: 'none' },
    };
    expect(checkLogAlerting({ ...PROPS, tenants } as unknown as LogAlertingProps).map(formatFinding)).toEqual([
      expect.stringContaining("option 'tenants.shop.limits.retention_period'"),
      expect.stringContaining("option 'tenants.bank.rules'"),
      expect.stringMatching(/tenant 'shop': alert 'A' .*\[1\.5m\]/),
    ]);
    for (const none of [null, 'shop', { shop: null }, { shop: { rules: [null] } }]) {
      expect(() => checkLogAlerting({ ...PROPS, tenants: none } as unknown as LogAlertingProps)).not.toThrow();
    }
  });
});
