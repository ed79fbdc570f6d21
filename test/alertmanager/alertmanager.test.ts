import { parse, stringify } from 'yaml';
import { Alertmanager, type AlertmanagerProps } from '../../lib/alertmanager/alertmanager';
import { withSlackTemplate } from '../../lib/alertmanager/slack';
import { PROFILE_DEFAULTS } from '../../lib/stack/profiles';
import { stackAlertmanagerConfig } from '../../lib/stack/routing';
import { emptyChart, manifests } from '../kubernetes/chart';
import { find, workloads } from '../manifests/kubernetes';

const slack = { webhookUrl: 'http://slack-inbox' };
const { config } = stackAlertmanagerConfig({ slack, times: PROFILE_DEFAULTS.demo.routeTimes });

const PROPS: AlertmanagerProps = { config, templates: withSlackTemplate(), externalUrl: 'http://localhost:9093' };

function alertmanager(props: Partial<AlertmanagerProps> = {}) {
  const chart = emptyChart();
  new Alertmanager(chart, { ...PROPS, ...props });
  return manifests(chart);
}

test('minimal props: config and templates in one ConfigMap, no Secret', () => {
  const all = alertmanager();
  const { data = {} } = find(all, 'ConfigMap', 'alertmanager-config');

  expect(Object.keys(data)).toEqual(['alertmanager.yml', 'lines.tmpl', 'slack.tmpl']);
  expect(parse(data['alertmanager.yml'] ?? '')).toEqual(JSON.parse(JSON.stringify(config)));
  expect(workloads(all)[0]?.spec.template.spec.volumes?.map(({ name }) => name)).toEqual(['config']);
});

test('all props: every Secret is a folder of files', () => {
  const all = alertmanager({ secrets: ['slack-webhook', 'bridge.token'], storageClassName: 'fast' });

  expect(stringify(find(all, 'StatefulSet', 'alertmanager').spec)).toMatchSnapshot('StatefulSet');
});

test('sets the feature flag of the event recorder only if it is configured', () => {
  const features = (props: Partial<AlertmanagerProps>) =>
    workloads(alertmanager(props))[0]?.spec.template.spec.containers[0]?.args?.filter((arg) => /feature/.test(arg));

  expect(features({})).toEqual([]);
  expect(features({ config: { ...config, event_recorder: { stdout_outputs: [{ name: 'log' }] } } })).toEqual([
    '--enable-feature=event-recorder',
  ]);
});

describe('several replicas', () => {
  const all = alertmanager({ replicas: 3 });
  const peers = [0, 1, 2].map((i) => `alertmanager-${i}.alertmanager-gossip.logging.svc`);

  test('gossip via DNS names that exist before the pods are ready', () => {
    const workload = workloads(all)[0];
    const args = workload?.spec.template.spec.containers[0]?.args ?? [];

    expect(workload?.spec).toMatchObject({ replicas: 3, serviceName: 'alertmanager-gossip' });
    expect(args.filter((arg) => arg.startsWith('--cluster'))).toEqual([
      '--cluster.listen-address=0.0.0.0:9094',
      '--cluster.advertise-address=[$(POD_IP)]:9094',
      ...peers.map((host) => `--cluster.peer=${host}:9094`),
    ]);
    expect(find(all, 'Service', 'alertmanager-gossip').spec).toMatchObject({
      clusterIP: 'None',
      publishNotReadyAddresses: true,
    });
  });

  test('all receive every alert', () => {
    const { urls } = new Alertmanager(emptyChart(), { ...PROPS, replicas: 3 });

    expect(urls).toEqual(peers.map((host) => `http://${host}:9093`));
  });

  test('are evicted one at a time', () => {
    expect(find(all, 'PodDisruptionBudget', 'alertmanager').spec).toMatchObject({ maxUnavailable: 1 });
  });
});

test('a single replica does not gossip, and receives alerts via the Service', () => {
  const single = new Alertmanager(emptyChart(), PROPS);

  expect(single.urls).toEqual(['http://alertmanager.logging.svc:9093']);
  expect(JSON.stringify(alertmanager())).not.toContain('gossip');
});

test('the template file defines what the receivers use', () => {
  const template = find(alertmanager(), 'ConfigMap', 'alertmanager-config').data?.['slack.tmpl'] ?? '';
  const defined = [...template.matchAll(/define "([^"]+)"/g)].map(([, name]) => name);
  const used = [...JSON.stringify(config.receivers).matchAll(/template \\"([^"\\]+)\\"/g)].map(([, name]) => name);

  expect(used.length).toBeGreaterThan(0);
  expect(defined).toEqual(expect.arrayContaining(used));
});
