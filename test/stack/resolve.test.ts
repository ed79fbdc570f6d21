import { toYaml } from '../../lib/alertmanager/config/write';
import type { LogAlertingProps } from '../../lib/stack/props';
import { resolve } from '../../lib/stack/resolve';
import { watchdog } from '../../rules';
import { find, workloads } from '../manifests/kubernetes';
import { EVERYTHING, objects, PRODUCTION, PROPS, type SomeProps, synth, TENANTS } from '../manifests/synth';

const resolved = (instead: SomeProps) => resolve({ ...PROPS, ...instead } as LogAlertingProps);

const WITH_HEARTBEAT: SomeProps = {
  heartbeat: { webhookSecret: 'heartbeat' },
  rules: [...PROPS.rules, watchdog({ grafanaUrl: 'http://localhost:3000' })],
  routing: { templates: { 'shop.tmpl': '{{ define "shop" }}{{ end }}' } },
};

const OWN_ROUTES: SomeProps = {
  routing: {
    config: {
      route: { receiver: 'a' },
      receivers: [{ name: 'a', webhook_configs: [{ url: 'http://slack-inbox.demo.svc:8080' }] }],
    },
  },
};

test.each<[string, SomeProps]>([
  ['the demo', {}],
  ['production', PRODUCTION],
  ['everything of a distributed Loki', EVERYTHING],
  ['tenants', TENANTS],
  ['a heartbeat and templates', WITH_HEARTBEAT],
  ['a Slack app', { slack: { tokenSecret: 'slack-app', channel: '#alerts', updates: 'edit' } }],
  ["routes of one's own", OWN_ROUTES],
])('the checked stack is the deployed one: %s', (_, props) => {
  const stack = resolved(props);
  const files = synth(props);
  const all = objects(files);
  const alertmanager = workloads(all).find(({ metadata }) => metadata.name === 'alertmanager');
  const { 'alertmanager.yml': config, ...templates } = find(all, 'ConfigMap', 'alertmanager-config').data ?? {};
  const secrets = alertmanager?.spec.template.spec.volumes?.flatMap(({ secret }) => secret?.secretName ?? []);
  const { basicAuthSecret } = stack.alertmanager;

  expect(Object.keys(files).sort()).toEqual(
    Object.values(stack.namespaces)
      .map((name) => `${name}.k8s.yaml`)
      .sort(),
  );
  expect(config).toBe(toYaml(stack.alertmanager.config));
  expect(templates).toEqual(stack.alertmanager.templates);
  expect(secrets?.sort()).toEqual(
    [...stack.alertmanager.secrets, ...(basicAuthSecret ? [basicAuthSecret] : [])].sort(),
  );
  expect(alertmanager?.spec.replicas).toBe(stack.alertmanager.replicas);
  expect(JSON.stringify(alertmanager)).toContain(`--web.external-url=${stack.alertmanager.externalUrl}`);
  expect(find(all, 'ConfigMap', 'loki-config').data?.['config.yaml']).toContain(
    `evaluation_interval: ${stack.loki.evaluationInterval}\n`,
  );
  expect(workloads(all).some(({ metadata }) => metadata.name === 'slack-inbox')).toBe(stack.demo?.slackInbox ?? false);
});

test.each([
  [{}, ['1s', '30s', '5m'], 1, 'promtail', '15s'],
  [{ profile: 'single' }, ['30s', '5m', '4h'], 1, 'opentelemetry', '1m'],
  [{ profile: 'distributed' }, ['30s', '5m', '4h'], 3, 'opentelemetry', '1m'],
] as const)('%j: defaults depend on the profile', (props, times, replicas, collector, interval) => {
  const { alertmanager, ...stack } = resolved(props as SomeProps);
  const { group_wait, group_interval, repeat_interval } = alertmanager.config.route;

  expect([group_wait, group_interval, repeat_interval]).toEqual(times);
  expect(alertmanager.replicas).toBe(replicas);
  expect(stack.collector.name).toBe(collector);
  expect(stack.loki.evaluationInterval).toBe(interval);
});

test('URLs are those of the options, or else of the ingress, or else of port-forward', () => {
  const urls = (props: SomeProps) => {
    const { grafana, alertmanager } = resolved(props);
    return [grafana.url, alertmanager.externalUrl];
  };
  const { grafanaUrl: _, alertmanagerUrl: __, ...withIngress } = PRODUCTION;

  expect(urls({})).toEqual(['http://localhost:3000', 'http://localhost:9093']);
  expect(urls(withIngress)).toEqual(['https://grafana.example.com', 'https://alertmanager.example.com']);
  expect(urls({ ...withIngress, grafanaUrl: 'https://g.example.com/x' })[0]).toBe('https://g.example.com/x');
});

test('the Alertmanager version is that of the image', () => {
  const version = (props: SomeProps) => resolved(props).alertmanager.version;

  expect(version({ images: { alertmanager: 'registry.example.com/am:v0.34.1' } })).toBe('0.34.1');
  expect(version({ images: { alertmanager: 'am@sha256:0' } })).toBe(version({}));
  expect(version({ imageRegistry: 'registry.example.com:5000/mirror' })).toBe(version({}));
});
