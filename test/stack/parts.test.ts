import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import {
  Alertmanager,
  type AlertmanagerProps,
  allowFlows,
  type Component,
  DistributedLoki,
  denyAll,
  Grafana,
  KubernetesEvents,
  Loki,
  type LokiHandle,
  NamespacedChart,
  OpenTelemetryCollector,
  Program,
  Promtail,
  slackReceiver,
} from '../../lib';
import { errors, HIGH_LOG_RATE, highLogRate, RUNBOOK, watchdog } from '../../rules';
import { find, type Manifest } from '../manifests/kubernetes';
import { EVERYTHING, PRODUCTION, type SomeProps, synthObjects } from '../manifests/synth';

const links = { grafanaUrl: 'https://grafana.example.com' };
const RULES = [highLogRate(links), errors(links)];
const SLACK = { webhookSecret: 'slack-webhook', channel: '#alerts' };
const RULER = { urls: ['http://alertmanager.observability.svc:9093'], basicAuthSecret: 'alertmanager-auth' };
const DATASOURCES = {
  lokiUrl: 'http://loki.observability.svc:3100',
  alertmanagerUrl: 'http://alertmanager.observability.svc:9093',
  basicAuthSecret: 'alertmanager-auth',
};

type Create = (chart: Chart, props: object) => Component | LokiHandle;

/** Every part, with minimal options. */
const PARTS: Readonly<Record<string, { readonly create: Create; readonly props: object }>> = {
  Alertmanager: {
    create: (chart, props) => new Alertmanager(chart, 'part', props as never),
    props: { slack: SLACK },
  },
  Grafana: {
    create: (chart, props) => new Grafana(chart, 'part', props as never),
    props: { grafana: { adminSecret: 'a' }, rateAlert: HIGH_LOG_RATE, datasources: { lokiUrl: 'http://loki:3100' } },
  },
  Loki: {
    create: (chart, props) => new Loki(chart, 'part', props as never),
    props: { rules: RULES, ruler: { urls: ['http://alertmanager:9093'] } },
  },
  DistributedLoki: {
    create: (chart, props) => new DistributedLoki(chart, 'part', props as never),
    props: { rules: RULES, ruler: { urls: ['http://alertmanager:9093'] }, loki: EVERYTHING.loki },
  },
  OpenTelemetryCollector: {
    create: (chart, props) => new OpenTelemetryCollector(chart, 'part', props as never),
    props: { lokiUrl: 'http://loki:3100' },
  },
  KubernetesEvents: {
    create: (chart, props) => new KubernetesEvents(chart, 'part', props as never),
    props: { lokiUrl: 'http://loki:3100' },
  },
  Promtail: {
    create: (chart, props) => new Promtail(chart, 'part', props as never),
    props: { lokiUrl: 'http://loki:3100' },
  },
};
const NAMES = Object.keys(PARTS);

let outdir: string;
beforeEach(() => {
  outdir = join(mkdtempSync(join(tmpdir(), 'parts-')), 'dist');
});
afterEach(() => {
  rmSync(join(outdir, '..'), { recursive: true });
});

const emptyApp = () => new App({ outdir });
const chartIn = (app: App, namespace = 'own') => new Chart(app, 'own-chart', { namespace });

function part(name: string, chart: Chart, instead: object = {}) {
  const { create, props } = PARTS[name] as (typeof PARTS)[string];
  return create(chart, { ...props, ...instead });
}

/** Returns the errors of the synthesis; fails if it writes anything. */
function errorsOf(app: App): string[] {
  expect(() => app.synth()).toThrow('Validation failed');
  expect(existsSync(outdir) ? readdirSync(outdir) : []).toEqual([]);
  return problemsOf(app);
}

function problemsOf(app: App): string[] {
  return app.node.findAll().flatMap(({ node }) => node.validate());
}

describe('alone, with the same options, the objects are those of LogAlerting', () => {
  const { loki, storageClassName, grafana, alertmanager, slack } = PRODUCTION as Required<SomeProps>;
  const shared = { storageClassName, grafanaUrl: PRODUCTION.grafanaUrl };
  const ROUTING: AlertmanagerProps['routing'] = {
    routes: [{ matchers: ['team="payments"'], receiver: 'payments' }],
    receivers: [slackReceiver({ ...SLACK, name: 'payments', channel: '#payments' })],
  };
  const PODS = { grafana: { podLabels: { a: 'b' } }, alertmanager: { resources: { memoryLimit: '256Mi' } } } as const;
  const IMAGES = { imageRegistry: 'registry.example.com', imagePullSecrets: ['registry'], priorityClassName: 'high' };
  const whole: SomeProps = { ...PRODUCTION, rules: RULES, runbook: RUNBOOK, routing: ROUTING, pods: PODS, ...IMAGES };
  const distributed: SomeProps = { ...EVERYTHING, rules: RULES, monitoring: undefined, ...IMAGES };
  const TENANTS = { shop: { namespaces: ['shop'], rules: RULES, limits: { ingestion_rate_mb: 1 } } };

  test.each<[string, SomeProps, (chart: Chart) => Component | LokiHandle]>([
    [
      'Alertmanager',
      whole,
      (chart) =>
        new Alertmanager(chart, 'part', {
          ...{ slack, alertmanager, routing: ROUTING, pods: { alertmanager: PODS.alertmanager }, storageClassName },
          ...IMAGES,
        }),
    ],
    [
      'Grafana',
      whole,
      (chart) =>
        new Grafana(chart, 'part', {
          ...{ rateAlert: HIGH_LOG_RATE, runbook: RUNBOOK, datasources: DATASOURCES, pods: { grafana: PODS.grafana } },
          ...{ grafana: { adminSecret: 'grafana-admin', ...grafana }, grafanaUrl: shared.grafanaUrl, ...IMAGES },
          kubernetesEvents: true,
        }),
    ],
    [
      'Loki',
      { ...whole, tenants: TENANTS },
      (chart) =>
        new Loki(chart, 'part', {
          ...{ rules: RULES, tenants: TENANTS, ruler: RULER, loki: loki as never },
          ...shared,
          ...IMAGES,
        }),
    ],
    [
      'DistributedLoki',
      distributed,
      (chart) =>
        new DistributedLoki(chart, 'part', {
          ...{ rules: RULES, loki: distributed.loki as never },
          ruler: {
            ...RULER,
            urls: [0, 1, 2].map((i) => `http://alertmanager-${i}.alertmanager-gossip.observability.svc:9093`),
          },
          ...shared,
          ...IMAGES,
        }),
    ],
    [
      'OpenTelemetryCollector',
      { ...whole, tenants: TENANTS, collectorHost: { dockerLogs: false }, collectFrom: '2026-12-01T10:00:00Z' },
      (chart) =>
        new OpenTelemetryCollector(chart, 'part', {
          ...{ lokiUrl: 'http://loki.observability.svc:3100', tenants: { shop: { namespaces: ['shop'] } } },
          ...{ collectorHost: { dockerLogs: false }, collectFrom: '2026-12-01T10:00:00Z', strict: true, ...IMAGES },
        }),
    ],
    [
      'KubernetesEvents',
      { ...whole, tenants: TENANTS },
      (chart) =>
        new KubernetesEvents(chart, 'part', {
          ...{ lokiUrl: 'http://loki.observability.svc:3100', tenants: { shop: { namespaces: ['shop'] } }, ...IMAGES },
        }),
    ],
    [
      'Promtail',
      { ...whole, collector: 'promtail' },
      (chart) => new Promtail(chart, 'part', { lokiUrl: 'http://loki.observability.svc:3100', ...IMAGES }),
    ],
  ])('%s', (_, props, create) => {
    const inStack = synthObjects(props);
    const chart = new Chart(emptyApp(), 'own', {
      namespace: /^(OpenTelemetry|Promtail)/.test(_) ? 'log-agents' : 'observability',
    });
    create(chart);

    const alone: Manifest[] = chart.toJson();
    expect(alone.length).toBeGreaterThan(3);
    for (const object of alone) expect(object).toEqual(sameIn(inStack, object));
    expect(alone.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(StatefulSet|Deployment|DaemonSet)$/)]),
    );
  });

  function sameIn(all: readonly Manifest[], { kind, metadata }: Manifest) {
    return all.find(
      (other) =>
        other.kind === kind && other.metadata.name === metadata.name && other.metadata.namespace === metadata.namespace,
    );
  }
});

describe.each(NAMES)('%s', (name) => {
  test('is in the namespace of any chart, and has no findings with minimal options', () => {
    const app = emptyApp();
    const chart = chartIn(app);
    part(name, chart, { strict: true });
    app.synth();

    const objects: Manifest[] = chart.toJson();
    const namespaces = new Set(objects.map(({ metadata }) => metadata.namespace));
    expect([...namespaces].filter((namespace) => namespace !== undefined)).toEqual(['own']);
    expect(readdirSync(outdir)).toEqual(['own-chart.k8s.yaml']);
  });

  test('takes the settings of its pods from a NamespacedChart', () => {
    const chart = new NamespacedChart(emptyApp(), 'own', { podSecurity: 'privileged' });
    part(name, chart, { priorityClassName: 'high' });

    const objects: Manifest[] = chart.toJson();
    expect(JSON.stringify(objects)).toContain('"priorityClassName":"high"');
  });

  test.each<[string, object]>([
    ['unknown options', { colour: 'red', namespaces: {} }],
    ['options of the wrong type', { imageRegistry: 1, strict: 'yes' }],
  ])('reports %s at once, after code that uses it', (_, wrong) => {
    const app = emptyApp();
    const created = part(name, chartIn(app), wrong);

    created
      .object('ConfigMap', `${'components' in created ? 'loki' : created.name}-config`)
      .metadata.addLabel('a', 'b');
    expect(errorsOf(app)).toEqual(
      Object.keys(wrong).map((option) => expect.stringContaining(`error: option '${option}': `)),
    );
  });

  test('reports an object that it has not because of invalid options as these', () => {
    const created = part(name, chartIn(emptyApp()), { imageRegistry: 'not a registry' });

    expect(() => created.object('Ingress')).toThrow(/Validation failed.*option 'imageRegistry'/s);
  });

  test.each([undefined, null, 'nonsense', []])('reports %j instead of options', (props) => {
    const app = emptyApp();
    PARTS[name]?.create(chartIn(app), props as never);

    expect(errorsOf(app).length).toBeGreaterThan(0);
  });

  test('settings of the pods of another component are reported', () => {
    const app = emptyApp();
    part(name, chartIn(app), { pods: { 'http-client': {} } });

    expect(errorsOf(app)).toEqual([expect.stringContaining("option 'pods.http-client': is not an option")]);
  });

  test('reports a chart without a namespace', () => {
    const app = emptyApp();
    part(name, new Chart(app, 'nowhere'));

    expect(errorsOf(app)).toEqual([
      expect.stringContaining("chart 'nowhere': has no namespace, so its programs have no addresses: set new Chart"),
    ]);
  });

  test('reports another one in the same namespace', () => {
    const app = emptyApp();
    part(name, chartIn(app));
    part(name, new Chart(app, 'other', { namespace: 'own' }));

    expect(errorsOf(app)[0]).toMatch(/namespace 'own' has two constructs with objects of the name '.*': use different/);
  });
});

describe('Alertmanager', () => {
  const alertmanager = (props: object) => {
    const app = emptyApp();
    part('Alertmanager', chartIn(app), props);
    return app;
  };

  test('checks routes, receivers and templates as LogAlerting does, without rules', () => {
    const app = alertmanager({
      routing: {
        routes: [{ matchers: ['team=~"("'], receiver: 'missing' }],
        templates: { 'a.tmpl': '{{ define "a" }}{{ .Oops }' },
      },
      alertmanager: { replicas: 0 },
    });

    expect(errorsOf(app)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("option 'alertmanager.replicas'"),
        expect.stringContaining('route.routes[0]'),
        expect.stringContaining('a.tmpl'),
      ]),
    );
  });

  test('reports missing receivers', () => {
    expect(errorsOf(alertmanager({ slack: undefined }))).toEqual([
      expect.stringContaining("option 'slack': is missing"),
    ]);
  });

  test('compares routes with rules if they are given', () => {
    const routes = [{ matchers: ['severity="page"'], receiver: 'missing' }];
    const receivers = [slackReceiver({ ...SLACK, name: 'missing' })];
    const strict = { strict: true, severities: ['page', 'warning'], routing: { routes, receivers } };

    expect(problemsOf(alertmanager(strict))).toEqual([]);
    expect(errorsOf(alertmanager({ ...strict, rules: [watchdog(links)] })).join('\n')).toContain('Watchdog');
  });

  test('requires the alert of a heartbeat only among given rules', () => {
    const heartbeat = { webhookSecret: 'heartbeat' };

    expect(problemsOf(alertmanager({ heartbeat }))).toEqual([]);
    expect(errorsOf(alertmanager({ heartbeat, rules: RULES }))).toEqual([
      expect.stringContaining('none of the stack\'s own rules is the alert "Watchdog"'),
    ]);
  });
});

test('Loki checks its rules', () => {
  const app = emptyApp();
  const rules = [
    { name: 'a.yaml', groups: [{ name: 'a', rules: [{ alert: 'A', expr: 'rate({a="b"}[1.5m]) > 1', labels: {} }] }] },
  ];
  part('Loki', chartIn(app), { rules, loki: { retention: 'long' }, ruler: { urls: [] } });

  const found = errorsOf(app).join('\n');
  expect(found).toContain('unknown unit "."');
  expect(found).toContain("option 'loki.retention'");
  expect(found).toContain("option 'ruler.urls'");
});

test.each(['OpenTelemetryCollector', 'Promtail'])('%s checks the URL of Loki and tenants', (name) => {
  const app = emptyApp();
  part(name, chartIn(app), { lokiUrl: 'loki:3100', tenants: { shop: { namespaces: ['Shop'] } } });

  const found = errorsOf(app).join('\n');
  expect(found).toContain("option 'lokiUrl'");
  expect(found).toContain("option 'tenants.shop.namespaces.0'");
});

test('Grafana checks its datasources and dashboards, and has no silences without an Alertmanager', () => {
  const app = emptyApp();
  part('Grafana', chartIn(app), {
    datasources: { lokiUrl: 'nowhere' },
    dashboards: { 'log-alerting.json': {}, shop: {}, 'a.json': 'text' },
  });
  expect(errorsOf(app)).toHaveLength(4);

  const chart = chartIn(emptyApp());
  part('Grafana', chart, { dashboards: { 'shop.json': { title: 'Shop' } } });
  const objects: Manifest[] = chart.toJson();
  expect(Object.keys(find(objects, 'ConfigMap', 'grafana-dashboards').data ?? {})).toEqual([
    'log-alerting.json',
    'shop.json',
  ]);
  expect(find(objects, 'ConfigMap', 'grafana-config').data?.['datasources.yaml']).not.toMatch(/alertmanager/i);
});

test('a program of the same chart can be allowed to connect', () => {
  const chart = chartIn(emptyApp());
  const alertmanager = new Alertmanager(chart, 'alertmanager', { slack: SLACK });
  const chat = new Program(chart, 'chat', {
    ...{ role: 'message-server', image: 'chat:1.0.0', user: 1000, ports: { http: 8080 } },
    ...{ readinessPath: '/ready', livenessPath: '/live' },
    resources: { cpu: '10m', memory: '16Mi', memoryLimit: '32Mi' },
  });
  denyAll(chart);
  allowFlows([alertmanager, chat], [{ from: alertmanager, to: chat, port: 'http' }]);

  const objects: Manifest[] = chart.toJson();
  expect(JSON.stringify(find(objects, 'NetworkPolicy', 'chat').spec)).toContain('8080');
  expect(ApiObject.of(chat).kind).toBe('StatefulSet');
});

test('Program reports all invalid options', () => {
  expect(() => new Program(chartIn(emptyApp()), 'chat', { user: 0, ports: { http: 0 } } as never)).toThrow(
    /Program: option 'user'.*option 'ports.http'/s,
  );
});
