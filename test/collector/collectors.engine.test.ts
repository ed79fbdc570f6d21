import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningEngine } from '../../lib/engines';
import { type KubernetesApi, type Pod, startKubernetesApi } from './kubernetes-api';
import { type Entry, NODE, TestNode } from './node';
import { pod } from './pods';
import {
  countIn,
  entriesIn,
  STARTED,
  type Started,
  sorted,
  startCollector,
  startStackLoki,
  type Tweak,
  untilCount,
  withoutLevel,
} from './stage';

/** Hash of a manifest, as the kubelet puts it in a static pod's annotations and in the name of its log folder. */
const HASH = '0f3c9d2a71b84e5f8c6d7e9a0b1c2d3e';

const SHOP = pod('mall', 'shop-6b8f7c9d4f-x2x9z', {
  controller: ['ReplicaSet', 'shop-6b8f7c9d4f'],
  containers: ['till', 'sidecar'],
  initContainers: ['migrate'],
});
const CART = pod('mall', 'cart-5d5f6c7b8c-abcde', {
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
const LEGACY = pod('mall', 'legacy-7c9d8b6f5d-11111', { controller: ['ReplicaSet', 'legacy-7c9d8b6f5d'] });
const ELSEWHERE = pod('mall', 'elsewhere', { node: 'node-2' });
const PODS: readonly Pod[] = [SHOP, CART, DB, QUEUE, AGENT, BACKUP, LONELY, APISERVER, LEGACY, ELSEWHERE];

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

const numbered = (lines: number) => Array.from({ length: lines }, (_, n) => `GET /${n} 200 ${'x'.repeat(50)}`);

/** A collector with a Loki of its own. */
async function setUpCollector(name: Started, node: TestNode, api: KubernetesApi, tweak?: Tweak) {
  const loki = await stopped(startStackLoki({ dir: join(node.dir, `${name}-loki`) }));
  const dir = join(node.dir, `${name}-positions`);
  const start = () => stopped(startCollector(name, { node, apiUrl: api.url, lokiUrl: loki.url, dir, tweak }));
  return { name, loki, start, collector: await start() };
}

/** Lines that something on the way might take for something else. */
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
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a line may hold what a configuration would replace.
  '$1 ${env:HOME} {{ .Labels }} \\n "quotes" \'and\' `ticks`',
  'a'.repeat(15_000),
];

describe('Promtail and the OpenTelemetry Collector', () => {
  test('make the same of the same files', async () => {
    const { node, api } = await setUp(30);
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
      await setUpCollector('promtail', node, api),
      await setUpCollector('opentelemetry', node, api),
    ] as const;
    const all = async () => {
      for (const { loki, collector } of both) await untilCount(loki, node.entries.length, collector);
    };
    await all();

    // What is appended, rotated away, and written by a container that was started anew.
    till.lines('appended').errors('appended, too');
    legacy.lines('appended');
    await all();
    till.lines('before the rotation').rotate().lines('after the rotation');
    await all();
    till.restart().lines('of the restarted container');
    // A pod that is new to the node.
    const late = pod('mall', 'late-6d4cf56db6-zzzzz', { controller: ['ReplicaSet', 'late-6d4cf56db6'] });
    api.add(late);
    node.log(late, 'main', 'late').lines('a new pod');
    await all();

    const expected = sorted(node.entries);
    const found: Entry[][] = [];
    for (const { loki } of both) found.push(await entriesIn(loki));
    const [promtail = [], openTelemetry = []] = found;
    expect(withoutLevel(promtail)).toEqual(expected);
    expect(withoutLevel(openTelemetry)).toEqual(expected);
    expect(openTelemetry).toEqual(promtail);
    expect(new Set(promtail.map(({ labels }) => labels.detected_level))).toEqual(
      new Set(['unknown', 'error', 'warn', 'info']),
    );
    // Neither needs more than the pods of its node.
    expect(new Set(api.asked)).toEqual(new Set([`GET /api/v1/pods where spec.nodeName=${NODE}`]));
  });

  test('name the app of a pod differently that an unknown kind controls; one reads what a pod left that is gone', async () => {
    const kruise = pod('mall', 'clone-x7z2k', { controller: ['CloneSet', 'clone'] });
    const gone = pod('mall', 'gone-6b8f7c9d4f-aaaaa', { controller: ['ReplicaSet', 'gone-6b8f7c9d4f'] });
    const { node, api } = await setUp(5, [kruise]);
    node.log(kruise, 'main', '').lines('a line');
    node.log(gone, 'main', '').lines('a line');

    const apps: Record<string, (string | undefined)[]> = {};
    for (const [name, lines] of [['promtail', 1] as const, ['opentelemetry', 2] as const]) {
      const { loki, collector } = await setUpCollector(name, node, api);
      await untilCount(loki, lines, collector);
      apps[name] = (await entriesIn(loki)).map(({ labels }) => labels.app);
    }

    expect(apps).toEqual({ promtail: ['clone'], opentelemetry: ['clone-x7z2k', 'gone-6b8f7c9d4f-aaaaa'] });
  });

  test.each(STARTED)('%s goes on where it was when it is started anew', async (name) => {
    const { node, api } = await setUp(5);
    const till = node.log(SHOP, 'till', 'shop').lines(...numbered(100));
    const { loki, start, collector } = await setUpCollector(name, node, api);
    await untilCount(loki, 100, collector);

    await collector.stop();
    till.lines(...numbered(100));
    const again = await start();
    await untilCount(loki, 200, again);

    expect(withoutLevel(await entriesIn(loki))).toEqual(sorted(node.entries));
    expect(await countIn(loki)).toBe(200);
  });
});

describe('the OpenTelemetry Collector', () => {
  test('loses and doubles nothing when it is killed while lines are written', async () => {
    const { node, api } = await setUp(5);
    const till = node.log(SHOP, 'till', 'shop');
    const sidecar = node.log(SHOP, 'sidecar', 'shop');
    const { loki, start, collector } = await setUpCollector('opentelemetry', node, api);
    let running = collector;
    for (let round = 0; round < 40; round++) {
      till.lines(...numbered(50));
      sidecar.parts('a line ', 'in parts').errors(...numbered(48));
      await sleep(100);
      if (round % 10 !== 9) continue;
      process.kill(running.pid, 'SIGKILL');
      await running.exited;
      running = await start();
    }
    await untilCount(loki, node.entries.length, running);

    expect(await countIn(loki)).toBe(node.entries.length);
    expect(withoutLevel(await entriesIn(loki))).toEqual(sorted(node.entries));
  });

  const tiny: Tweak = (config) => {
    // Far below its real size, so that it is full at once.
    config.exporters.otlp_http.sending_queue.queue_size = 64 * 1024;
    config.exporters.otlp_http.sending_queue.batch = { flush_timeout: '1s', min_size: 16 * 1024, max_size: 32 * 1024 };
  };

  // A full queue holds up the reading of files; SIGTERM in that state is the one case in which it loses lines.
  test.each<[string, NodeJS.Signals, Tweak | undefined]>([
    ['what Loki does not take waits in the queue', 'SIGTERM', undefined],
    ['what does not fit into the queue waits in the files', 'SIGKILL', tiny],
  ])('while Loki is away and the collector starts anew, %s', async (_, signal, tweak) => {
    const { node, api } = await setUp(5);
    const till = node.log(SHOP, 'till', 'shop').lines(...numbered(10));
    const { loki, start, collector } = await setUpCollector('opentelemetry', node, api, tweak);
    await untilCount(loki, 10, collector);
    const { port } = new URL(loki.url);
    await loki.stop();

    for (let i = 0; i < 20; i++) {
      till.lines(...numbered(200));
      await sleep(50);
    }
    process.kill(collector.pid, signal);
    await collector.exited;
    const again = await start();
    till.lines('after it all');
    const back = await stopped(startStackLoki({ dir: loki.dir, port: Number(port) }));
    await untilCount(back, node.entries.length, again);

    expect(await countIn(back)).toBe(node.entries.length);
    expect(withoutLevel(await entriesIn(back))).toEqual(sorted(node.entries));
  });
});

describe('the move', () => {
  /** Loki with a Promtail that has sent all there is: old lines, a quiet pod's, and new ones. */
  async function movedFrom(flushed: boolean) {
    const { node, api } = await setUp(160);
    const till = node
      .log(SHOP, 'till', 'shop')
      .lines(...numbered(50))
      .parts('an old line ', 'in parts');
    const sidecar = node.log(SHOP, 'sidecar', 'shop').lines('a quiet one, hours ago');
    const legacy = node.log(LEGACY, 'main', 'legacy', 'docker').lines(...numbered(50));
    node.wait(150);
    till.lines(...numbered(50));
    legacy.lines(...numbered(50));
    const { loki, start, collector } = await setUpCollector('promtail', node, api);
    await untilCount(loki, node.entries.length, collector);
    let current = loki;
    if (flushed) {
      // Everything to disk, and a Loki that remembers nothing of it in memory.
      await fetch(`${loki.url}/ingester/shutdown?flush=true&delete_ring_tokens=false&terminate=false`, {
        method: 'POST',
      });
      const port = Number(new URL(loki.url).port);
      await loki.stop();
      current = await stopped(startStackLoki({ dir: loki.dir, port }));
    }
    const startTwin = () =>
      stopped(
        startCollector('opentelemetry', { node, apiUrl: api.url, lokiUrl: loki.url, dir: join(node.dir, 'twin') }),
      );
    return { node, till, sidecar, legacy, loki: current, promtail: collector, startPromtail: start, startTwin };
  }

  test.each([
    ['Loki has the old lines in memory', false],
    ['Loki has them on disk', true],
  ])('there and back loses and doubles nothing: %s', async (_, flushed) => {
    const { node, till, sidecar, legacy, loki, promtail, startPromtail, startTwin } = await movedFrom(flushed);
    const exactly = async (...collectors: readonly RunningEngine[]) => {
      await untilCount(loki, node.entries.length, ...collectors);
      await sleep(3000);
      expect(await countIn(loki)).toBe(node.entries.length);
      expect(withoutLevel(await entriesIn(loki))).toEqual(sorted(node.entries));
    };

    const twin = await startTwin();
    await sleep(2000);
    till.lines('both are there');
    sidecar.lines('both are there');
    await exactly(promtail, twin);
    await promtail.stop();
    till.lines('only the twin', ...numbered(20)).parts('in ', 'parts');
    legacy.errors('only the twin');
    await exactly(twin);
    await twin.stop();
    till.lines('neither');
    const back = await startPromtail();
    sidecar.lines('back');
    await exactly(back);
  });
});
