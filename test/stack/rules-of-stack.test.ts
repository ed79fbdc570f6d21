import { formatFinding } from '../../lib/checks/findings';
import type { RuleFile } from '../../lib/rules/model';
import { checkLogAlerting } from '../../lib/stack/check-stack';
import type { LogAlertingProps } from '../../lib/stack/props';
import { HIGH_LOG_RATE, highLogRate } from '../../rules';

const own: RuleFile = {
  name: 'own.yaml',
  groups: [{ name: 'own', rules: [{ alert: 'Errors', expr: 'sum(rate({app="a"} |= "error" [5m])) > 1' }] }],
};
const recording: RuleFile = {
  name: 'recording.yaml',
  groups: [{ name: 'own', rules: [{ record: 'a:errors', expr: 'sum(rate({app="a"} |= "error" [5m]))' }] }],
};
const flood = highLogRate({ grafanaUrl: 'http://localhost:3000' });

const errors = (props: LogAlertingProps) =>
  checkLogAlerting(props)
    .filter(({ severity }) => severity === 'error')
    .map(formatFinding);

const NO_RULE =
  "error: option 'rules': has no rule, so the stack can never alert: add one of yours, or one of 'loki-alerts/rules', e.g. highLogRate({ grafanaUrl }) [option]";

test('rejects a stack without a rule', () => {
  expect(errors({ rules: [] })).toEqual([NO_RULE]);
  expect(errors({ rules: [], rateAlert: HIGH_LOG_RATE })).toEqual([NO_RULE]);
  expect(errors({ rules: [], tenants: { shop: { namespaces: ['shop'], rules: [] } } })).toContain(NO_RULE);
  expect(errors({ rules: [{ name: 'a.yaml', groups: [] }] })).toContain(NO_RULE);
});

test('accepts rules of its own only, or only those of a tenant, without rateAlert', () => {
  expect(errors({ rules: [own] })).toEqual([]);
  expect(errors({ rules: [], tenants: { shop: { namespaces: ['shop'], rules: [own] } } })).toEqual([]);
});

test('rejects a rateAlert that no rule has', () => {
  const message = (name: string, suggestion = '') =>
    `error: option 'rateAlert.name': is "${name}", but no rule has an alert of this name: add its rule to rules, or remove rateAlert${suggestion} [option]`;

  expect(errors({ rules: [own], rateAlert: HIGH_LOG_RATE })).toEqual([message('HighLogRate')]);
  expect(errors({ rules: [flood], rateAlert: { ...HIGH_LOG_RATE, name: 'HighLogrates' } })).toEqual([
    message('HighLogrates', "; did you mean 'HighLogRate'?"),
  ]);
  expect(errors({ rules: [recording], rateAlert: HIGH_LOG_RATE })).toContain(message('HighLogRate'));
  expect(errors({ rules: [flood], rateAlert: HIGH_LOG_RATE })).toEqual([]);
  const shop = { namespaces: ['shop'], rules: [flood] };
  expect(errors({ rules: [own], rateAlert: HIGH_LOG_RATE, tenants: { shop } })).toEqual([]);
});

test('does not report what depends on invalid rules', () => {
  expect(errors({ rules: 'rules' as never, rateAlert: HIGH_LOG_RATE })).toEqual([
    expect.stringContaining("option 'rules': expected Array"),
  ]);
});

test('rules are checked with the version of the Loki image', () => {
  const found = (loki: string) => errors({ rules: [flood], images: { loki } });

  expect(found('registry.example.com/loki:3.5.9')).toEqual([
    expect.stringContaining('function "now" not defined before version 3.6.0: remove it, or upgrade Loki'),
  ]);
  expect(found('registry.example.com/loki:3.6.0')).toEqual([]);
  expect(found(`registry.example.com/loki@sha256:${'0'.repeat(64)}`)).toEqual([]);
});
