import { mayConcern } from '../../lib/rules/read/text-kind';

const CRD = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {}\ngroups:\n- expr: a\n';
const RULES = 'groups:\n- name: g\n  rules: []\n';

test.each([
  ['rules', RULES],
  ['rules after an object', `${CRD}---\n${RULES}`],
  ['rules before an object', `${RULES}---\n${CRD}`],
  ['rules after a document marker with a comment', `--- # a\n${RULES}`],
  ['rules in Windows line breaks', `${CRD}---\n${RULES}`.replaceAll('\n', '\r\n')],
  ['a rule resource', 'apiVersion: loki.grafana.com/v1\nkind: AlertingRule\nspec:\n  groups: []\n'],
  ['a list of objects', 'apiVersion: v1\nkind: List\nitems:\n- kind: ConfigMap\n  data: {a: "groups: []"}\n'],
  ['an own list', 'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRuleList\nitems:\n- spec: {groups: []}\n'],
  ['a ConfigMap', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: |\n    groups: []\n'],
  ['a ConfigMap with a quoted text', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: "x\\ngroups:\\n"\n'],
  ['a ConfigMap with JSON', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: "{\\"groups\\": []}"\n'],
  ['a ConfigMap with base64', 'apiVersion: v1\nkind: ConfigMap\nbinaryData:\n  a.yaml: Z3JvdXBzOg==\n'],
  ['a ConfigMap of Alertmanager', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  alertmanager.yml: "x: 1"\n'],
  ['a Secret', 'apiVersion: v1\nkind: Secret\ndata:\n  a: Z3JvdXBzOg==\n'],
  ['an object whose kind is not certain', 'apiVersion: v1\nkind: Service\nkind: Secret\ndata: {}\n'],
  ['an object without a version', 'kind: Service\ngroups: []\n'],
  ['escaped keys', '"\\x67roups": []\n'],
])('%s: must be parsed', (_, text) => {
  expect(mayConcern(text)).toBe(true);
});

test.each([
  ['definitions of resources', `${CRD}---\n${CRD}`],
  ['other objects', 'apiVersion: v1 # a\nkind: "Service" # b\nmetadata:\n  annotations: {expr: a}\n'],
  ['a ConfigMap without rules', 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a.yaml: "x: 1"\n'],
  ['values', 'replicas: 2\n'],
])('%s: need not be parsed', (_, text) => {
  expect(mayConcern(text)).toBe(false);
});
