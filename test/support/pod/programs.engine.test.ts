import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { LokiClient, startWebhookSink } from '../../../lib/engines';
import { kubeconfig, startKubernetesApi } from '../../collector/kubernetes-api';
import { NODE, TestNode } from '../../collector/node';
import { pod } from '../../collector/pods';
import { entriesIn, sorted, untilCount, withoutLevel } from '../../collector/stage';
import { type Manifest, workloads } from '../../manifests/kubernetes';
import { synthObjects } from '../../manifests/synth';
import { podTest } from './pods-run';
import { startAlertmanagerPod, startLokiPod, startOtelCollectorPod, startPromtailPod } from './programs';

// Tests that each program works under the constraints of its pod.

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
async function keep<T>(started: Promise<T>, end: (thing: T) => unknown): Promise<T> {
  const thing = await started;
  cleanups.push(() => end(thing));
  return thing;
}

podTest('Loki evaluates rules, including new ones, and Alertmanager notifies', async () => {
  const manifests = synthObjects();
  const sink = await keep(startWebhookSink(), (each) => each.close());
  const alertmanager = await keep(
    startAlertmanagerPod(manifests, {
      addresses: { 'http://slack-inbox.demo.svc:8080': sink.url },
      tweak: ({ route }) => Object.assign(route, { group_wait: '1s', routes: [] }),
    }),
    (each) => each.stop(),
  );
  const loki = await keep(
    startLokiPod(manifests, {
      addresses: { 'http://alertmanager.logging.svc:9093': alertmanager.url },
      tweak: ({ ruler }) => Object.assign(ruler, { poll_interval: '1s' }),
    }),
    (each) => each.stop(),
  );
  const expr = 'sum by (app) (count_over_time({app="shop"}[5m])) > 0';
  const rules = [{ alert: 'Shop', expr, labels: { severity: 'warning', team: 'devops' } }];
  loki.update('/etc/loki/rules/fake', {
    'shop.yaml': stringify({ groups: [{ name: 'shop', interval: '1s', rules }] }),
  });
  const now = BigInt(Date.now()) * 1_000_000n;
  await new LokiClient(loki.url).push([{ labels: { app: 'shop' }, entries: [[now, 'a line']] }]);

  const deadline = Date.now() + 60_000;
  while (sink.requests.length === 0) {
    if (Date.now() > deadline) throw new Error(`no message\n${loki.logs()}\n${alertmanager.logs()}`);
    await sleep(200);
  }
  expect(sink.requests[0]?.body).toContain('Shop');
  expect(loki.logs()).not.toMatch(/read-only file system|permission denied/);
  expect(alertmanager.logs()).not.toMatch(/read-only file system|permission denied/);
});

const KUBECONFIG = '/var/run/secrets/kubernetes.io/serviceaccount/kubeconfig';

const COLLECTORS = [
  {
    name: 'promtail' as const,
    start: startPromtailPod,
    // biome-ignore lint/suspicious/noExplicitAny: untyped YAML.
    tweak: (config: any) => {
      for (const scrape of config.scrape_configs)
        for (const discovery of scrape.kubernetes_sd_configs) discovery.kubeconfig_file = KUBECONFIG;
    },
  },
  {
    name: 'opentelemetry' as const,
    start: startOtelCollectorPod,
    // biome-ignore lint/suspicious/noExplicitAny: untyped YAML.
    tweak: (config: any) => {
      config.processors.k8s_attributes.auth_type = 'kubeConfig';
    },
  },
];

for (const { name, start, tweak } of COLLECTORS) {
  podTest(`${name} reads files and resumes at its last position`, async () => {
    const manifests = synthObjects({ collector: name });
    const shop = pod('mall', 'shop-6b8f7c9d4f-x2x9z', { controller: ['ReplicaSet', 'shop-6b8f7c9d4f'] });
    const node = await keep(Promise.resolve(new TestNode(5)), (each) => each.remove());
    const api = await keep(startKubernetesApi([shop]), (each) => each.close());
    const loki = await keep(startLokiPod(manifests), (each) => each.stop());
    const log = node.log(shop, 'main', 'shop').lines('one', 'two');
    const collector = await keep(
      start(manifests, {
        fields: { 'spec.nodeName': NODE },
        env: { KUBECONFIG },
        serviceAccount: { kubeconfig: stringify(kubeconfig(api.url)) },
        hostPaths: hostPathsOf(manifests, node),
        addresses: { 'http://loki.logging.svc:3100': loki.url },
        tweak,
      }),
      (each) => each.stop(),
    );
    await untilCount(loki, 2, collector);
    log.lines('three');
    await untilCount(loki, 3, collector);
    await collector.restart();
    log.lines('four');
    await untilCount(loki, 4, collector);

    expect(withoutLevel(await entriesIn(loki))).toEqual(sorted(node.entries));
    expect(collector.logs()).not.toMatch(/read-only file system|permission denied/);
  });
}

/** Returns a test folder for each folder of the node that a pod mounts. */
function hostPathsOf(manifests: readonly Manifest[], node: TestNode): Record<string, string> {
  const volumes = workloads(manifests).flatMap(({ spec }) => spec.template.spec.volumes ?? []);
  const paths = volumes.flatMap(({ hostPath }) => (hostPath ? [(hostPath as { path: string }).path] : []));
  return Object.fromEntries(
    paths.map((path) => {
      if (path === '/var/log/pods') return [path, node.podLogs];
      const folder = join(node.dir, path.replaceAll('/', '-'));
      mkdirSync(folder, { recursive: true });
      return [path, folder];
    }),
  );
}
