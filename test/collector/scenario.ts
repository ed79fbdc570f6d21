import { join } from 'node:path';
import type { CollectorName } from '../../lib/collector/collectors';
import type { RunningEngine } from '../../lib/engines';
import { type KubernetesApi, type Pod, startKubernetesApi } from './kubernetes-api';
import { type Entry, NODE, TestNode } from './node';
import { pod } from './pods';
import {
  type CollectorOptions,
  entriesIn,
  manifestsOf,
  sorted,
  startCollector,
  startStackLoki,
  type Tweak,
  untilCount,
  withoutLevel,
} from './stage';

/** Hash of a manifest, which is in a static pod's annotations and in the name of its log folder. */
const HASH = '0f3c9d2a71b84e5f8c6d7e9a0b1c2d3e';

export const SHOP = pod('mall', 'shop-6b8f7c9d4f-x2x9z', {
  controller: ['ReplicaSet', 'shop-6b8f7c9d4f'],
  containers: ['till', 'sidecar'],
  initContainers: ['migrate'],
});
export const CART = pod('mall', 'cart-5d5f6c7b8c-abcde', {
  controller: ['ReplicaSet', 'cart-5d5f6c7b8c'],
  labels: { 'app.kubernetes.io/name': 'cart-service', app: 'cart' },
});
const DB = pod('mall', 'db-0', { controller: ['StatefulSet', 'db-primary'], labels: { app: 'database' } });
const QUEUE = pod('mall', 'queue-0', { controller: ['StatefulSet', 'queue'] });
const AGENT = pod('kube-system', 'node.agent-8xk2p', { controller: ['DaemonSet', 'node.agent'] });
const BACKUP = pod('mall', 'backup-29384756-q8z7x', { controller: ['Job', 'backup-29384756'] });
const LONELY = pod('mall', 'lonely');
const APISERVER = pod('kube-system', `kube-apiserver-${NODE}`, {
  controller: ['Node', NODE],
  labels: { component: 'kube-apiserver', tier: 'control-plane' },
  annotations: { 'kubernetes.io/config.hash': HASH, 'kubernetes.io/config.source': 'file' },
  containers: ['kube-apiserver'],
});
export const LEGACY = pod('mall', 'legacy-7c9d8b6f5d-11111', { controller: ['ReplicaSet', 'legacy-7c9d8b6f5d'] });
const ELSEWHERE = pod('mall', 'elsewhere', { node: 'node-2' });
const PODS: readonly Pod[] = [SHOP, CART, DB, QUEUE, AGENT, BACKUP, LONELY, APISERVER, LEGACY, ELSEWHERE];

/** Lines that a component may misinterpret. */
const TRICKY = [
  'plain',
  '',
  '  spaces around  ',
  '\ttab\t',
  'umlauts äöü, 日本, 🎉',
  '{"level":"error","msg":"JSON of its own","stream":"stderr","time":"2020-01-01T00:00:00Z","log":"no"}',
  '{"log":"looks like Docker\\n","stream":"stderr","time":"2020-01-01T00:00:00.000000001Z"}',
  '2020-01-01T00:00:00Z stderr F looks like CRI',
  '2020-01-01T00:00:00Z stderr P looks like a part',
  'level=info msg="all is well"',
  'level=warn msg="logfmt" app=other namespace=other stream=stderr',
  'ts=2020-01-01T00:00:00Z level=error msg="an error"',
  'E0101 00:00:00.000000       1 main.go:1] klog',
  'ERROR in capitals',
  '$1 ${env:HOME} {{ .Labels }} \\n "quotes" \'and\' `ticks`',
  'a'.repeat(15_000),
];

export type Nodes = ReturnType<typeof useNodes>;

/** Returns functions that start nodes, Lokis and collectors, which are stopped after each test. */
export function useNodes() {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  const keep = async <T>(thing: Promise<T> | T, end: (thing: T) => unknown): Promise<T> => {
    const kept = await thing;
    cleanups.push(() => end(kept));
    return kept;
  };
  const stopped = (engine: Promise<RunningEngine>) => keep(engine, (running) => running.stop());

  async function setUp(minutesAgo: number, pods = PODS): Promise<{ node: TestNode; api: KubernetesApi }> {
    const node = await keep(new TestNode(minutesAgo), (made) => made.remove());
    const api = await keep(startKubernetesApi(pods), (started) => started.close());
    return { node, api };
  }

  /** Starts a collector with its own Loki. */
  async function setUpCollector(
    name: CollectorName,
    node: TestNode,
    api: KubernetesApi,
    tweak?: Tweak,
    options: CollectorOptions = {},
  ) {
    const manifests = manifestsOf(name, options);
    const loki = await stopped(startStackLoki({ dir: join(node.dir, `${name}-loki`) }, manifests));
    const dir = join(node.dir, `${name}-positions`);
    const start = () =>
      stopped(startCollector(name, { node, apiUrl: api.url, lokiUrl: loki.url, dir, tweak, manifests }));
    return { name, loki, start, collector: await start() };
  }

  return { setUp, setUpCollector, stopped };
}

/** Compares the entries that a collector and Promtail, each with its own Loki, send from the same files. */
export async function expectSameEntries(name: CollectorName, nodes: Nodes): Promise<void> {
  const { node, api } = await nodes.setUp(30);
  const till = node.log(SHOP, 'till', 'shop');
  till.lines(...TRICKY).errors(...TRICKY);
  till.parts('a long line ', 'in three ', 'parts').lines('after it');
  node.log(SHOP, 'sidecar', 'shop').lines('same pod, other container');
  node.log(SHOP, 'migrate', 'shop').lines('an init container');
  node.log(CART, 'main', 'cart-service').lines('one').errors('two');
  node.log(DB, 'main', 'database').lines('one');
  node.log(QUEUE, 'main', 'queue').lines('one');
  node.log(AGENT, 'main', 'node.agent').lines('one');
  node.log(BACKUP, 'main', 'backup').lines('one');
  node.log(LONELY, 'main', 'lonely').lines('one');
  node.log(APISERVER, 'kube-apiserver', NODE, 'cri', HASH).lines('I0101 00:00:00.000000       1 a.go:1] static');
  const legacy = node.log(LEGACY, 'main', 'legacy', 'docker');
  legacy
    .lines(...TRICKY)
    .errors(...TRICKY)
    .parts('a long line of Docker ', 'in two parts');

  const both = [
    await nodes.setUpCollector('promtail', node, api),
    await nodes.setUpCollector(name, node, api),
  ] as const;
  const all = async () => {
    for (const { loki, collector } of both) await untilCount(loki, node.entries.length, collector);
  };
  await all();

  // Appended lines, rotated files, and the file of a restarted container.
  till.lines('appended').errors('appended, too');
  legacy.lines('appended');
  await all();
  till.lines('before the rotation').rotate().lines('after the rotation');
  await all();
  till.restart().lines('of the restarted container');
  // A new pod on the node.
  const late = pod('mall', 'late-6d4cf56db6-zzzzz', { controller: ['ReplicaSet', 'late-6d4cf56db6'] });
  api.add(late);
  node.log(late, 'main', 'late').lines('a new pod');
  await all();

  const expected = sorted(node.entries);
  const found: Entry[][] = [];
  for (const { loki } of both) found.push(await entriesIn(loki));
  const [promtail = [], other = []] = found;
  expect(withoutLevel(promtail)).toEqual(expected);
  expect(withoutLevel(other)).toEqual(expected);
  expect(other).toEqual(promtail);
  expect(new Set(promtail.map(({ labels }) => labels.detected_level))).toEqual(
    new Set(['unknown', 'error', 'warn', 'info']),
  );
  // Both only request the pods of their node.
  expect(new Set(api.requests)).toEqual(new Set([`GET /api/v1/pods where spec.nodeName=${NODE}`]));
}
