import { classify } from '../../lib/rules/read/documents';
import { textKind } from '../../lib/rules/read/text-kind';
import { parseYaml } from '../../lib/yaml/parse';

function kinds(text: string): string[] {
  const { documents, problems } = parseYaml(text);
  if (problems.length > 0) return [`not YAML: ${textKind(text)}`];
  return documents.map((document) => {
    const classified = classify(document);
    return classified.kind === 'other' ? (classified.other?.name ?? 'other') : classified.kind;
  });
}

const LOGQL = `alert: A, expr: 'sum(rate({app="x"} |= "e" [5m])) > 1'`;
const PROMQL = `alert: A, expr: 'rate(http_requests_total{code="500"}[5m]) > 1'`;
const groupsOf = (...rules: string[]) => `{name: g, rules: [${rules.map((rule) => `{${rule}}`).join(', ')}]}`;
const object = (kind: string, apiVersion: string, rest = '') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: n}\n${rest}`;

describe('classify', () => {
  test.each([
    ['rules', `groups: [${groupsOf(LOGQL)}]`],
    ['rules', `namespace: n\ngroups: [${groupsOf(LOGQL)}]`],
    ['rules', `groups: ${groupsOf(LOGQL)}`],
    [
      'rules',
      'groups: [{name: g, rules: [{alrt: A, expr: up, labels: {app: x}}, {alert: B, expr: vector(1)}, {alert: C, expr: \'{app="x"} | json\'}]}]',
    ],
    ['rules', `groups: [${groupsOf(`alert: A, expr: 'sum(rate({app="x"} |= "e" [5m]) > 1'`)}]`],
    ['rules', `groups: [${groupsOf(LOGQL, PROMQL)}]`],
    ['rules', 'groups: [{name: g, rules: []}]'],
    ['prometheus-rules', `groups: [${groupsOf(PROMQL)}]`],
    ['prometheus-rules', `groups: [${groupsOf('alert: A, expr: up == 0', 'alert: Watchdog, expr: vector(1)')}]`],
    ['prometheus-rules', `groups: [${groupsOf('record: a, expr: "sum without (instance) (rate(x_total[1m]))"')}]`],
    ['prometheus-rules', `groups: [${groupsOf(PROMQL, PROMQL, `alert: B, expr: 'count_over_time({job="x"}[5m])'`)}]`],
    ['prometheus-rules', `groups: [${groupsOf(`alert: B, expr: 'count({__name__=~".+"})'`)}]`],
    ['prometheus-rules', `groups: [{name: g, type: vlogs, rules: [{alert: A, expr: 'error | stats count() c'}]}]`],
    ['misplaced-rules', `group: [${groupsOf(LOGQL)}]`],
    ['misplaced-rules', `rule_groups: [${groupsOf(LOGQL)}]`],
    ['misplaced-rules', groupsOf(LOGQL)],
    ['misplaced-rules', `rules: [{${LOGQL}}]`],
    ['misplaced-rules', `[${groupsOf(LOGQL)}]`],
    ['misplaced-rules', `[{${LOGQL}}]`],
    ['misplaced-rules', `{${LOGQL}}`],
    ['misplaced-rules', `shop: [${groupsOf(LOGQL)}]\nbank: [${groupsOf(LOGQL)}]`],
    ['prometheus-rules', `shop: [${groupsOf(PROMQL)}]\nbank: [${groupsOf(PROMQL)}]`],
    ['other', `rules: [${groupsOf(LOGQL)}]\nretention: [1d]`],
    ['misplaced-rules', `alerts: [{${LOGQL}}]`],
    ['other', `extraLogAlerts: [{${LOGQL}}]`],
    ['template', `groups: [${groupsOf('alert: A, expr: \'count_over_time({a="b"}[5m]) > [[ .limit ]]\'')}]`],
    ['template', `groups: [${groupsOf('alert: A, expr: \'count_over_time({a="b"}[5m]) > << limit >>\'')}]`],
    ['prometheus-rules', `- {${PROMQL}}`],
    ['template', `groups: [${groupsOf('alert: A, expr: "{{ foo }} > 1"')}]`],
    [
      'a Grafana provisioning file',
      'apiVersion: 1\ngroups: [{orgId: 1, name: g, folder: f, rules: [{uid: u, title: t, condition: A, data: []}]}]',
    ],
    ['a Grafana provisioning file', 'groups: [{orgId: 1, name: g, folder: f, rules: [{uid: u, title: t, data: []}]}]'],
    ['a Grafana provisioning file', 'apiVersion: 1\ncontactPoints: [{name: a, receivers: [{uid: x, type: slack}]}]'],
    ['alertmanager', 'route: {receiver: a}\nreceivers: [{name: a}]'],
    ['alertmanager', 'route: {receiver: a}\nreceiver: [{name: a}]'],
    ['alertmanager', 'receivers: [{name: a, slack_configs: [{channel: b}]}]'],
    ['other', 'receivers: [{name: Ann, mail: a@example.com}, {name: Bob, mail: b@example.com}]'],
    ['alertmanager', 'receivers: [{name: a, slack_config: [{channel: b}]}]'],
    ['alertmanager', 'route: {receiver: a}\nreceivers: [{name: a, mail: b}]'],
    ['other', 'route: {main: {enabled: true, parentRefs: [{name: g}]}}'],
    ['other', 'route: {enabled: true, host: x, annotations: {}}'],
    ['other', 'receivers: [{gomod: "go.opentelemetry.io/collector/receiver/otlpreceiver v0.1.0"}]'],
    ['an OpenTelemetry Collector configuration', 'dist: {name: x}\nreceivers: [{gomod: a v1}]'],
    ['an OpenTelemetry Collector configuration', 'receivers: {otlp: {}}\nservice: {pipelines: {}}'],
    ['other', 'groups: [{name: admins, members: [a]}]'],
    ['other', 'groups: [{name: a, services: [{name: s, exporters: [{rules: [{name: n, query: up}]}]}]}]'],
    ['empty', 'groups: []'],
    ['a Prometheus configuration', 'global: {}\nrule_files: [a.yml]\nscrape_configs: []'],
    ['a Promtail configuration', 'server: {}\nclients: []\nscrape_configs: []'],
    ['a Loki configuration', 'schema_config: {}\nruler: {}'],
    ['a Docker Compose file', 'services: {loki: {image: grafana/loki}}'],
    ['a Helm values file', 'loki: {rulerConfig: {}}\ngateway: {}'],
    ['a Helm chart', 'apiVersion: v2\nname: c\nversion: 1.0.0'],
    ['rule-resource', object('AlertingRule', 'loki.grafana.com/v1', `spec: {groups: [${groupsOf(LOGQL)}]}`)],
    ['rule-resource', object('PrometheusRule', 'monitoring.coreos.com/v1', `spec: {groups: [${groupsOf(LOGQL)}]}`)],
    ['prometheus-rules', object('PrometheusRule', 'monitoring.coreos.com/v1', `spec: {groups: [${groupsOf(PROMQL)}]}`)],
    [
      'prometheus-rules',
      object(
        'PrometheusRule',
        'monitoring.coreos.com/v1',
        'spec: {groups: [{name: g, rules: [{alert: W, expr: vector(1)}]}]}',
      ),
    ],
    ['texts', object('ConfigMap', 'v1', 'data: {a: b}')],
    ['list', 'apiVersion: v1\nkind: List\nitems: []'],
    ['list', 'apiVersion: v1\nkind: ConfigMapList\nitems: []'],
    ['texts', object('Secret', 'v1', 'data: {a: Yg==}')],
    ['a Secret of v1', object('Secret', 'v1', 'type: Opaque')],
    [
      'an AlertmanagerConfig of monitoring.coreos.com/v1alpha1',
      object('AlertmanagerConfig', 'monitoring.coreos.com/v1alpha1', 'spec: {route: {receiver: a}}'),
    ],
    ['a HelmRelease of helm.toolkit.fluxcd.io/v2', object('HelmRelease', 'helm.toolkit.fluxcd.io/v2')],
    [
      'a LokiRule of logging.opsgy.com/v1beta1',
      object('LokiRule', 'logging.opsgy.com/v1beta1', `spec: {groups: [${groupsOf(LOGQL)}]}`),
    ],
    [
      'not YAML: template',
      '{{- if .Values.rules }}\ngroups:\n  - name: g\n    rules: [{alert: A, expr: up}]\n{{- end }}',
    ],
    [
      'not YAML: template',
      'groups:\n{% for host in hosts %}\n- name: x\n  rules:\n  - alert: A\n    expr: up\n{% endfor %}',
    ],
    [
      'not YAML: template',
      '{{- if .Values.x }}\nroute:\n  receiver: {{ .Values.receiver }}\nreceivers:\n  - name: {{ include "x" . | quote }}\n',
    ],
    [
      'not YAML: alertmanager',
      'route:\n  receiver: a\nreceivers:\n- name: a\n  slack_configs:\n  - text: {{ template "x" . }} - y\n',
    ],
    ['not YAML: other', 'a: b: c'],
    [
      'not YAML: rules',
      `groups:\n- name: g\n  rules:\n  - alert: A\n    expr: 'rate({app="x"}[5m]) > 1'\n    annotations:\n      summary: {{ $labels.app }} is down\n`,
    ],
    ['not YAML: rules', 'groups:\n- name: g\n\trules: []\n'],
    [
      'not YAML: prometheus-rules',
      'groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up == 0\n    annotations:\n      summary: {{ $labels.app }} is down\n',
    ],
    ['not YAML: alertmanager', 'route:\n  receiver: a\nreceivers:\n- name: a\n  slack_configs: [\n'],
  ])('%s: %s', (kind, text) => {
    expect(kinds(text)).toEqual([kind]);
  });

  test('recognizes a file of any size', () => {
    expect(kinds(`groups: [${groupsOf(...Array<string>(30_000).fill(LOGQL))}]`)).toEqual(['rules']);
    expect(kinds(`r: &r {${LOGQL}}\ngroups: [{name: g, rules: [${Array(30_000).fill('*r')}]}]`)).toEqual(['rules']);
  });

  test('visits a limited number of nodes in an alias bomb', () => {
    const levels = Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`);
    expect(kinds(`a0: &a0 [x]\n${levels.join('\n')}\ngroups: *a40`)).toEqual(['other']);
  });
});
