import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { LogAlerting, type LogAlertingProps } from '../../lib';
import { checkLogAlerting } from '../../lib/stack/check-stack';
import { find, workloads } from '../manifests/kubernetes';
import { objects, PRODUCTION, PROPS, readFolder, synth, synthObjects } from '../manifests/synth';
import fc from '../support/properties';

describe('manifests', () => {
  test('minimal props: the stack and the demo, one file per namespace', () => {
    expect(Object.keys(synth())).toEqual(['demo.k8s.yaml', 'log-collector.k8s.yaml', 'logging.k8s.yaml']);
  });

  test.each([
    ['demo', {}, '15s'],
    ['single', { ...PRODUCTION, loki: {} }, '1m'],
    ['with another interval', { loki: { evaluationInterval: '30s' } }, '30s'],
  ] as const)('evaluation interval: %s', (_, props, interval) => {
    const { data } = find(synthObjects(props), 'ConfigMap', 'loki-config');
    expect(data?.['config.yaml']).toContain(`evaluation_interval: ${interval}\n`);
  });

  test('all props of production: the stack without the demo, in the given namespaces', () => {
    const files = synth(PRODUCTION);
    const alertmanager = find(objects(files), 'ConfigMap', 'alertmanager-config').data?.['alertmanager.yml'];

    expect(Object.keys(files)).toEqual(['log-agents.k8s.yaml', 'observability.k8s.yaml']);
    expect(alertmanager).toContain('api_url_file: /etc/alertmanager/secrets/slack-webhook/url');
    expect(alertmanager).toContain('#alerts');
  });

  test('with another Slack, the demo has no slack-inbox, and Alertmanager may connect to its port', () => {
    const egress = (slack: LogAlertingProps['slack']) => {
      const all = synthObjects({ slack });
      expect(JSON.stringify(all)).not.toContain('slack-inbox');
      const { spec } = all.find(
        ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'alertmanager',
      ) as {
        spec: { egress: { ports: { port: number }[] }[] };
      } & object;
      // After the two rules for DNS.
      return spec.egress.slice(2).flatMap(({ ports }) => ports.map(({ port }) => port));
    };

    expect(egress({ webhookSecret: 'slack-webhook' })).toEqual([443]);
    expect(egress({ tokenSecret: 'slack-app', channel: '#alerts', updates: 'edit' })).toEqual([443]);
    expect(egress({ webhookUrl: 'http://mattermost.chat.svc:8065/hooks/x' })).toEqual([8065]);
    expect(egress({ webhookUrl: 'http://mattermost.chat.svc/hooks/x' })).toEqual([80]);
  });

  test('the demo sets the rate and the number of clients', () => {
    const client = find(synthObjects({ demo: { rate: 7, replicas: 2 } }), 'Deployment', 'http-client');

    expect(client).toMatchObject({ spec: { replicas: 2 } });
    expect(JSON.stringify(client)).toContain('"7/s"');
  });

  test('links have external URLs', () => {
    const all = synthObjects({ grafanaUrl: 'https://g.example.com', alertmanagerUrl: 'https://a.example.com' });
    const alertmanager = workloads(all).find(({ metadata }) => metadata.name === 'alertmanager');

    expect(find(all, 'ConfigMap', 'loki-config').data?.['config.yaml']).toContain(
      'external_url: https://g.example.com',
    );
    expect(find(all, 'ConfigMap', 'grafana-config').data?.['grafana.ini']).toContain(
      'root_url = https://g.example.com',
    );
    expect(JSON.stringify(alertmanager)).toContain('--web.external-url=https://a.example.com');
  });
});
describe('two stacks in an app', () => {
  let outdir: string;
  beforeEach(() => {
    outdir = mkdtempSync(join(tmpdir(), 'two-stacks-'));
  });
  afterEach(() => {
    rmSync(outdir, { recursive: true });
  });
  const OTHERS = { logging: 'logging-b', logCollector: 'log-collector-b', demo: 'demo-b' };

  test.each([
    ['as siblings', (root: App) => [root, root]],
    ['apart in the tree', (root: App) => [root, new Construct(root, 'b')]],
  ])('are rejected in the same namespace, %s', (_, scopes) => {
    const root = new App({ outdir });
    scopes(root).forEach((scope, i) => {
      new LogAlerting(scope, `stack-${i}`, PROPS);
    });

    expect(() => root.synth()).toThrow(
      /option 'namespaces.logging': "logging" is also used by another LogAlerting in the app, .*: use different namespaces for each/,
    );
  });

  test('are rejected in the same namespace together with other findings', () => {
    const root = new App({ outdir });
    new LogAlerting(root, 'a', PROPS);
    new LogAlerting(root, 'b', { ...PROPS, grafanaUrl: 'nowhere', namespaces: { ...OTHERS, demo: 'demo' } });

    expect(() => root.synth()).toThrow(
      /option 'grafanaUrl'.*option 'namespaces.demo': "demo" is also used by another/s,
    );
  });

  test('share no object in different namespaces, not even a cluster-scoped one', () => {
    const root = new App({ outdir });
    new LogAlerting(root, 'a', PROPS);
    new LogAlerting(root, 'b', { ...PROPS, namespaces: OTHERS });
    root.synth();
    const names = objects(readFolder(outdir)).map(({ kind, metadata }) =>
      [kind, metadata.namespace, metadata.name].join(' '),
    );

    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

test('the checks never throw', () => {
  const keys = ['rules', 'rateAlert', 'slack', 'routing', 'loki', 'grafana', 'demo', 'namespaces', 'severities'];
  const anyOptions = fc.record(Object.fromEntries(keys.map((key) => [key, fc.anything()])), { requiredKeys: [] });

  fc.assert(fc.property(anyOptions, (value) => void checkLogAlerting({ ...PROPS, ...value } as LogAlertingProps)));
  fc.assert(fc.property(fc.anything(), (value) => void checkLogAlerting(value as LogAlertingProps)));
});
