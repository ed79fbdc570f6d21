import { App, Chart, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { LogAlerting, LokiRules, type LokiRulesProps, type RuleFile } from '../../lib';
import { formatMessage } from '../../lib/checks/findings';
import { configData } from '../../lib/kubernetes-objects/dist';
import { checkLogAlerting } from '../../lib/stack/check-stack';
import { type Manifest, nameOf } from '../manifests/kubernetes';
import { CLOUD, EXTERNAL, PROPS, synthObjects } from '../manifests/synth';

const errors: RuleFile = {
  name: 'errors.yaml',
  groups: [
    {
      name: 'errors',
      rules: [
        {
          alert: 'Errors',
          expr: 'sum(count_over_time({app="web"} |= "error" [5m])) > 0',
          labels: { severity: 'warning' },
          annotations: { title: 'Errors' },
        },
      ],
    },
  ],
};

// biome-ignore lint/suspicious/noExplicitAny: untyped YAML.
type Untyped = Manifest & { readonly spec: any };

describe('an external Loki', () => {
  const all = synthObjects(EXTERNAL);
  const cloud = synthObjects(CLOUD);

  test('deploys no Loki, and without a collector nothing on the nodes', () => {
    const workloads = (objects: readonly Manifest[]) =>
      objects
        .filter(({ kind }) => /^(Deployment|StatefulSet|DaemonSet)$/.test(kind))
        .map(({ metadata }) => metadata.name);

    expect(workloads(all).sort()).toEqual([
      'alertmanager',
      'grafana',
      'kubernetes-events',
      'log-canary',
      'otel-log-collector',
    ]);
    expect(workloads(cloud).sort()).toEqual(['alertmanager', 'grafana', 'kubernetes-events', 'log-canary']);
    expect(cloud.filter(({ kind }) => kind === 'Namespace').map(nameOf)).toEqual(['Namespace observability']);
  });

  test('gives Grafana its address, tenants, credentials and CA', () => {
    const { datasources } = parse(configData(all, 'grafana-config')['datasources.yaml'] ?? '');
    const [every, own, shop] = datasources;

    const secure = {
      basicAuthPassword: '$__file{/etc/grafana/loki/password}',
      tlsCACert: '$__file{/etc/grafana/loki/ca.crt}',
    };
    expect(every).toMatchObject({
      uid: 'loki',
      url: 'http://loki-gateway.loki.svc',
      basicAuth: true,
      basicAuthUser: '$__file{/etc/grafana/loki/username}',
      jsonData: { httpHeaderName1: 'X-Scope-OrgID', tlsAuthWithCACert: true },
      secureJsonData: { httpHeaderValue1: 'ops|shop', ...secure },
    });
    expect([own.name, own.secureJsonData]).toEqual(['Loki ops', { httpHeaderValue1: 'ops', ...secure }]);
    expect([shop.name, shop.secureJsonData]).toEqual(['Loki shop', { httpHeaderValue1: 'shop', ...secure }]);

    const [only] = parse(configData(cloud, 'grafana-config')['datasources.yaml'] ?? '').datasources;
    expect(only.jsonData).toMatchObject({ httpHeaderName2: 'Authorization', manageAlerts: true });
    expect(only.secureJsonData).toEqual({ httpHeaderValue2: 'Bearer $__file{/etc/grafana/loki/token}' });
  });

  test('is reached at any port of its namespace, or at its port outside the cluster', () => {
    const egress = (objects: readonly Manifest[], name: string) =>
      (objects as readonly Untyped[]).find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === name)
        ?.spec.egress;
    const toLoki = { to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'loki' } } }] };

    expect(egress(all, 'otel-log-collector')).toContainEqual(toLoki);
    expect(egress(all, 'grafana')).toContainEqual(toLoki);
    expect(egress(cloud, 'grafana')).toContainEqual({ ports: [{ port: 443, protocol: 'TCP' }] });
  });

  test('lets its ruler reach Alertmanager, if it is in the cluster', () => {
    const from = (objects: readonly Manifest[]) =>
      JSON.stringify(
        (objects as readonly Untyped[]).find(
          ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'alertmanager',
        )?.spec.ingress,
      );

    expect(from(all)).toContain('"kubernetes.io/metadata.name":"loki"');
    expect(from(cloud)).not.toContain('"loki"');
  });

  test('has no alerts on Loki, which it does not deploy', () => {
    const rule = (all as readonly Untyped[]).find(({ kind }) => kind === 'PrometheusRule');
    const names = rule?.spec.groups[0].rules.map(({ alert }: { alert: string }) => alert);

    expect(names).toContain('CollectorStuck');
    expect(names.filter((name: string) => name.startsWith('Loki'))).toEqual([]);
    expect(JSON.stringify(rule)).not.toMatch(/job=~?\\?""/);
  });

  test('needs no profile', () => {
    expect(synthObjects({ ...CLOUD, profile: undefined }).map(nameOf)).toEqual(cloud.map(nameOf));
  });
});

/** Findings on options of Grafana Cloud with some replaced. */
const found = (instead: object, external: object = {}) =>
  checkLogAlerting({
    ...PROPS,
    ...CLOUD,
    rules: [errors],
    rateAlert: undefined,
    loki: { external: { url: 'https://logs.example.com', ...external } },
    ...instead,
  } as never)
    .filter(({ severity }) => severity === 'error')
    .map(formatMessage);

test.each<[string, object, object, RegExp]>([
  [
    'retention',
    { loki: { external: { url: 'https://a.b' }, retention: '7d' } },
    {},
    /^option 'loki\.retention': is a setting of Loki itself, which is external: set it where/,
  ],
  [
    'object storage',
    { loki: { external: { url: 'https://a.b' }, objectStorage: {} } },
    {},
    /^option 'loki\.objectStorage': is a setting of Loki itself/,
  ],
  [
    'another profile',
    { profile: 'single' },
    {},
    /^option 'loki\.external': is only supported by the deployment profile 'external': set that profile/,
  ],
  ['no Loki at all', { loki: undefined, profile: 'external' }, {}, /^option 'loki\.external': is missing$/],
  [
    'a host without a namespace',
    {},
    { url: 'http://loki:3100' },
    /^option 'loki\.external\.url': "http:\/\/loki:3100" has a host without a namespace: use e\.g\./,
  ],
  [
    'the path of an API',
    {},
    { url: 'https://a.b/loki/api/v1/push' },
    /^option 'loki\.external\.url': .* contains the path of an API: use the base URL/,
  ],
  [
    'a password in the URL',
    {},
    { url: 'https://me:pw@a.b' },
    /^option 'loki\.external\.url': contains a user name or password/,
  ],
  [
    'a token instead of a Secret',
    {},
    { tokenSecret: 'glc_ABC=' },
    /^option 'loki\.external\.tokenSecret': the text is not a valid name of a Kubernetes object: put the credential in a Secret/,
  ],
  [
    'two credentials',
    {},
    { tokenSecret: 'a', basicAuthSecret: 'b' },
    /^option 'loki\.external\.tokenSecret': has no effect together with basicAuthSecret/,
  ],
  [
    'an unknown form',
    {},
    { rules: { as: 'helm' } },
    /^option 'loki\.external\.rules\.as': expected \("configmap" \| "alertingrule" \| "prometheusrule"\), got "helm"$/,
  ],
  [
    'an option of another form',
    {},
    { rules: { as: 'configmap', openshift: true } },
    /^option 'loki\.external\.rules\.openshift': is not an option: use one of as, tenant, rulesDirectory/,
  ],
  [
    'an operator without a tenant',
    {},
    { rules: { as: 'alertingrule', namespace: 'x' } },
    /^option 'loki\.external\.rules\.tenant': is missing: the resources of the Loki operator have a tenant/,
  ],
  [
    'tenants without its own',
    { tenants: { shop: { namespaces: ['shop'], rules: [errors] } } },
    {},
    /^option 'loki\.external\.tenant': is missing: with tenants/,
  ],
  [
    'limits of a tenant',
    { tenants: { shop: { namespaces: ['shop'], rules: [errors], limits: { max_line_size: '1KB' } } } },
    { tenant: 'a' },
    /^option 'tenants\.shop\.limits': is a setting of Loki itself, which is external/,
  ],
  [
    "settings of Loki's pods",
    { pods: { loki: { resources: { cpu: '1' } } } },
    {},
    /^option 'pods\.loki': is not deployed: Loki is external: remove it$/,
  ],
  [
    'settings of a collector that is not deployed',
    { collectFrom: '2026-12-01T10:00:00Z' },
    {},
    /^option 'collectFrom': has no effect without a collector/,
  ],
  [
    'events of Alertmanager, which only the collector of the stack filters',
    { alertmanager: { eventRecorder: true } },
    {},
    /^option 'alertmanager\.eventRecorder': requires the stack's collector/,
  ],
  [
    'the dashboard of the pipeline',
    { monitoring: { namespace: 'm', prometheusUrl: 'http://p.m.svc:9090' } },
    {},
    /^option 'monitoring\.prometheusUrl': is for the dashboard of the pipeline/,
  ],
])('reports %s', (_, instead, external, message) => {
  expect(found(instead, external)).toEqual([expect.stringMatching(message)]);
});

test('the cluster has an effect without a collector, on Kubernetes events', () => {
  expect(found({ collector: false, cluster: 'eu', kubernetesEvents: true }, {})).toEqual([]);
  expect(found({ collector: false, cluster: 'eu', kubernetesEvents: false }, {})).toEqual([
    expect.stringContaining("option 'cluster': has no effect"),
  ]);
});

test('reports all mistakes in rules for OpenShift, with those of the routes', () => {
  const messages = found(
    { routing: { routes: [{ matchers: ['team="x"'], receiver: 'missing' }] } },
    { rules: { as: 'alertingrule', namespace: 'shop', openshift: true } },
  );
  expect(messages).toContainEqual(expect.stringContaining('missing annotation "summary"'));
  expect(messages).toContainEqual(expect.stringContaining('missing annotation "description"'));
  expect(messages).toContainEqual(expect.stringContaining('kubernetes_namespace_name="shop"'));
  expect(messages).toContainEqual(expect.stringContaining('missing'));
});

test('reports a namespace of the rules that is already a chart', () => {
  const app = Testing.app();
  new Chart(app, 'loki');
  new LogAlerting(app, 'log-alerting', { ...PROPS, ...EXTERNAL } as never);

  expect(() => app.synth()).toThrow(
    /option 'loki\.external\.rules\.namespace': "loki" is also the name of another chart/,
  );
});

test('the handles of what is not deployed throw', () => {
  const stack = new LogAlerting(Testing.app(), 'log-alerting', { ...PROPS, ...CLOUD } as never);

  expect(() => stack.loki).toThrow(/^no Loki: it is external/);
  expect(() => stack.collector).toThrow(/^no log collector/);
  expect(Object.keys(stack.charts)).toEqual(['logging']);
});

describe('LokiRules', () => {
  const synth = (props: LokiRulesProps) => {
    const chart = new Chart(new App(), 'rules', { namespace: 'loki' });
    const { objects } = new LokiRules(chart, 'rules', props);
    return { names: objects.map(({ kind, name }) => `${kind} ${name}`), manifests: () => Testing.synth(chart) };
  };

  test('adds an object for each rule file and tenant, in the namespace of the chart', () => {
    const { names, manifests } = synth({ as: 'configmap', rules: [errors], tenants: { shop: [errors] } });

    expect(names).toEqual(['ConfigMap loki-rules-errors', 'ConfigMap loki-rules-shop-errors']);
    expect(manifests().map(({ metadata }) => [metadata.namespace, metadata.annotations])).toEqual([
      ['loki', { 'k8s-sidecar-target-directory': '/rules/fake' }],
      ['loki', { 'k8s-sidecar-target-directory': '/rules/shop', 'loki-alerts/tenant': 'shop' }],
    ]);
  });

  test('reports options and rules with errors, and adds nothing', () => {
    const broken = { ...errors, groups: [{ name: 'g', rules: [{ alert: 'A', expr: '{app="a"}' }] }] };
    const chart = new Chart(new App(), 'rules');
    const wrong = new LokiRules(chart, 'a', { as: 'alertingrule', rules: [broken] });
    new LokiRules(chart, 'b', { as: 'prometheusrule', rules: [errors], tenant: 'x' } as never);

    expect(wrong.objects).toEqual([]);
    expect(() => App.of(chart).synth()).toThrow(
      /option 'tenant': is missing[\s\S]*log query as a rule[\s\S]*option 'tenant': is not an option/,
    );
  });
});
