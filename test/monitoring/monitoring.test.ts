import { parse as parseYaml } from 'yaml';
import { pipelineDashboard } from '../../lib/monitoring/pipeline-dashboard';
import { PIPELINE_RUNBOOK } from '../../lib/monitoring/runbook';
import { scanYaml } from '../../lib/rules/read/scan';
import { sourceText } from '../../lib/yaml/source';
import { find, type Manifest, matches, nameOf, services, workloads } from '../manifests/kubernetes';
import { PRODUCTION, PROPS, synthObjects } from '../manifests/synth';
import { DISTRIBUTED as DISTRIBUTED_PIPELINE, PIPELINES } from './pipeline';

const monitoring = { namespace: 'monitoring', labels: { release: 'prometheus' } };

const DISTRIBUTED = {
  ...PRODUCTION,
  profile: 'distributed',
  collector: 'opentelemetry',
  loki: {
    objectStorage: {
      endpoint: 'https://s3.example.com',
      region: 'us-east-1',
      bucket: 'logs',
      credentialsSecret: 'bucket',
    },
  },
} as const;

const APPS = [
  ['demo', synthObjects({ monitoring })],
  ['distributed', synthObjects({ ...DISTRIBUTED, monitoring })],
] as const;

interface Monitor extends Manifest {
  readonly spec: {
    readonly jobLabel: string;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly endpoints?: readonly { readonly port: string }[];
    readonly podMetricsEndpoints?: readonly { readonly port: string }[];
  };
}

interface Rule extends Manifest {
  readonly spec: {
    readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
  };
}

function monitors(all: readonly Manifest[]): Monitor[] {
  return all.filter((object): object is Monitor => ['ServiceMonitor', 'PodMonitor'].includes(object.kind));
}

function rulesOf(all: readonly Manifest[]) {
  return (find(all, 'PrometheusRule', 'log-pipeline') as Rule).spec.groups.flatMap(({ rules }) => rules);
}

describe.each(APPS)('monitoring of %s', (_, all) => {
  test('scrapes every pod once, via one Service or PodMonitor with its port', () => {
    const scrapedBy = workloads(all).map((workload) => {
      const { labels } = workload.spec.template.metadata;
      const matching = monitors(all).flatMap(({ kind, spec, metadata: { namespace } }) => {
        const ports = [...(spec.endpoints ?? []), ...(spec.podMetricsEndpoints ?? [])].map(({ port }) => port);
        const chosen = kind === 'PodMonitor' ? [workload] : services(all);
        return chosen.filter(
          (candidate) =>
            candidate.metadata.namespace === namespace &&
            namespace === workload.metadata.namespace &&
            matches(spec.selector.matchLabels, candidate.metadata.labels) &&
            (kind === 'PodMonitor'
              ? matches(spec.selector.matchLabels, labels)
              : services([candidate]).every(
                  (service) =>
                    matches(service.spec.selector, labels) &&
                    service.spec.ports.some(({ name }) => ports.includes(name)),
                )),
        );
      });
      return [workload.metadata.name, matching.length] as const;
    });
    // nginx, memcached and shells have no metrics.
    const without = ['loki-gateway', 'webservice', 'http-client', 'slack-inbox', 'log-canary'];

    expect(scrapedBy.filter(([name, count]) => count !== (without.includes(name) ? 0 : 1))).toEqual([]);
  });

  test('uses exactly the scraped namespaces and jobs in its alerts', () => {
    const scraped = monitors(all).map(({ metadata, spec }) => {
      expect(spec.jobLabel).toBe('app.kubernetes.io/name');
      return `${metadata.namespace}/${spec.selector.matchLabels[spec.jobLabel]}`;
    });

    const used = rulesOf(all).flatMap(({ expr }) =>
      [...expr.matchAll(/namespace="([^"]*)",job=~?"([^"]*)"/g)].flatMap(([, namespace, jobs = '']) =>
        jobs.split('|').map((job) => `${namespace}/${job}`),
      ),
    );

    expect([...new Set(used)].sort()).toEqual([...scraped].sort());
  });

  test('does not check its PromQL as LogQL', () => {
    const rule = find(all, 'PrometheusRule', 'log-pipeline');

    expect(scanYaml(sourceText('rule.yaml', JSON.stringify(rule)))).toMatchObject({ rules: [], findings: [] });
  });

  test('adds the given labels to its objects', () => {
    const chosen = [...monitors(all), find(all, 'PrometheusRule', 'log-pipeline')];

    expect(chosen.filter(({ metadata }) => metadata.labels?.release !== 'prometheus').map(nameOf)).toEqual([]);
  });

  test('adds its runbook to the dashboard that the alerts link to', () => {
    const dashboard = find(all, 'ConfigMap', 'grafana-dashboards').data?.['log-alerting.json'] ?? '';

    expect(dashboard).toContain(JSON.stringify(PIPELINE_RUNBOOK).slice(1, -1));
  });
});

test('creates no monitors and no alerts of Prometheus without the option', () => {
  const kinds = new Set(synthObjects().map(({ apiVersion }) => apiVersion));

  expect([...kinds].filter((version) => version.startsWith('monitoring'))).toEqual([]);
});

test('LokiRulesNotLoaded expects the number of rules, including those of tenants', () => {
  const shop = { namespaces: ['shop'], rules: PROPS.rules };
  const expected = [{}, { tenants: { shop } }].map((props) => {
    const { expr = '' } =
      rulesOf(synthObjects({ monitoring, ...props })).find(({ alert }) => alert === 'LokiRulesNotLoaded') ?? {};
    return / != (\d+)$/.exec(expr)?.[1];
  });

  // The rule of the flood, and the same rule for the tenant.
  expect(expected).toEqual(['1', '2']);
});

test('with prometheusUrl, Grafana has its datasource and the pipeline dashboard, which alerts link to', () => {
  const prometheusUrl = 'http://prometheus-operated.monitoring.svc:9090';
  const all = synthObjects({ monitoring: { ...monitoring, prometheusUrl } });
  const config = find(all, 'ConfigMap', 'grafana-config').data ?? {};
  const { datasources } = parseYaml(config['datasources.yaml'] ?? '');
  const dashboard = JSON.parse(find(all, 'ConfigMap', 'grafana-dashboards').data?.['log-pipeline.json'] ?? '{}');
  const disabled = /^disable_plugins = (.*)$/m.exec(config['grafana.ini'] ?? '')?.[1]?.split(',');

  expect(datasources).toContainEqual(
    expect.objectContaining({ type: 'prometheus', uid: 'prometheus', url: prometheusUrl, access: 'proxy' }),
  );
  expect(disabled).toContain('tempo');
  expect(disabled).not.toContain('prometheus');
  expect(dashboard.uid).toBe('log-pipeline');
  for (const { datasource, targets } of dashboard.panels) {
    expect([datasource, ...targets.map((target: { datasource: unknown }) => target.datasource)]).toEqual(
      Array(targets.length + 1).fill({ type: 'prometheus', uid: '$datasource' }),
    );
  }
  expect(rulesOf(all)[0]).toHaveProperty(['annotations', 'dashboard'], 'http://localhost:3000/d/log-pipeline');
  expect(find(all, 'NetworkPolicy', 'grafana').spec).toMatchObject({
    egress: expect.arrayContaining([
      {
        to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
        ports: [{ port: 9090, protocol: 'TCP' }],
      },
    ]),
  });
});

test.each([
  ['in another namespace', 'http://thanos-query.thanos.svc:9090', 'thanos', 9090],
  ['outside of the cluster', 'https://prometheus.example.com', undefined, 443],
])('allows Grafana to connect to a Prometheus %s', (_, prometheusUrl, namespace, port) => {
  const all = synthObjects({ monitoring: { ...monitoring, prometheusUrl } });
  const to = namespace && [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }];

  expect(find(all, 'NetworkPolicy', 'grafana').spec).toMatchObject({
    egress: expect.arrayContaining([{ ...(to ? { to } : {}), ports: [{ port, protocol: 'TCP' }] }]),
  });
});

test('the datasource of the dashboard is a variable: any Prometheus, by default the one of the stack', () => {
  const { templating } = pipelineDashboard(DISTRIBUTED_PIPELINE);

  expect(templating.list).toEqual([
    expect.objectContaining({
      name: 'datasource',
      type: 'datasource',
      query: 'prometheus',
      current: { text: 'Prometheus', value: 'prometheus' },
    }),
  ]);
});

test('panels of the dashboard, with their positions', () => {
  const { panels = [] } = pipelineDashboard(DISTRIBUTED_PIPELINE);
  const table = panels.map(({ id, title, gridPos = { x: 0, y: 0, w: 0, h: 0 } }) => {
    const { x, y, w, h } = gridPos;
    return `${id} ${title} at ${x},${y}, ${w}x${h}`;
  });

  expect(table).toMatchInlineSnapshot(`
[
  "1 Pods that are up at 0,0, 12x8",
  "2 Lines per second at 12,0, 12x8",
  "3 Lines lost per second at 0,8, 12x8",
  "4 Rule evaluations at 12,8, 12x8",
  "5 Seconds since the last evaluation at 0,16, 12x8",
  "6 Alerts from Loki to Alertmanager at 12,16, 12x8",
  "7 Notifications at 0,24, 12x8",
  "8 Queues at 12,24, 12x8",
  "9 Collector queues at 0,32, 12x8",
  "10 Loki's disks at 12,32, 12x8",
]
`);
});

describe.each(PIPELINES)('alerts on %s', (_, __, alerts) => {
  test('are in the runbook', () => {
    const headings = [...PIPELINE_RUNBOOK.matchAll(/^## (.*)$/gm)].flatMap(([, names = '']) => names.split(', '));

    expect(alerts.map(({ alert }) => alert).filter((name) => !headings.includes(name))).toEqual([]);
  });

  test('have the annotations of the message template', () => {
    for (const { labels, annotations } of alerts) {
      expect(labels).toMatchObject({ severity: expect.stringMatching(/^(warning|critical)$/), category: 'pipeline' });
      expect(Object.keys(annotations).sort()).toEqual([
        'action',
        'dashboard',
        'description',
        'impact',
        'runbook',
        'title',
      ]);
    }
  });
});
