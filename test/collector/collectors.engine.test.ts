import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningEngine } from '../../lib/engines';
import { pod } from './pods';
import { LEGACY, makesTheSame, SHOP, useNodes } from './scenario';
import {
  countIn,
  entriesIn,
  manifestsOf,
  PROVEN,
  sorted,
  startCollector,
  startStackLoki,
  type Tweak,
  untilCount,
  withoutLevel,
} from './stage';

const nodes = useNodes();
const { setUp, setUpCollector, stopped } = nodes;

const numbered = (lines: number) => Array.from({ length: lines }, (_, n) => `GET /${n} 200 ${'x'.repeat(50)}`);

describe('Promtail and the OpenTelemetry Collector', () => {
  test('make the same of the same files', () => makesTheSame('opentelemetry', nodes));

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

  test.each(PROVEN)('%s goes on where it was when it is started anew', async (name) => {
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

  // Loki sees a line again that it has in memory only while the block that holds it is open, of 256 KB a stream.
  test('at a given time neither loses nor doubles any of many lines that Loki has in memory', async () => {
    const { node, api } = await setUp(60);
    const many = (lines: number) => Array.from({ length: lines }, (_, n) => `${n} ${'x'.repeat(400)}`);
    const till = node.log(SHOP, 'till', 'shop').lines(...many(2000));
    const legacy = node.log(LEGACY, 'main', 'legacy', 'docker').lines(...many(100));
    const { loki, collector } = await setUpCollector('promtail', node, api);
    await untilCount(loki, node.entries.length, collector);

    const manifests = manifestsOf('opentelemetry', node.time);
    const dir = join(node.dir, 'twin');
    const twin = await stopped(
      startCollector('opentelemetry', { node, apiUrl: api.url, lokiUrl: loki.url, dir, manifests }),
    );
    till.lines('both are there').parts('both ', 'in parts');
    await untilCount(loki, node.entries.length, collector, twin);
    await collector.stop();
    till.lines(...many(500));
    legacy.lines(...many(10));
    await untilCount(loki, node.entries.length, twin);
    await sleep(3000);

    expect(await countIn(loki)).toBe(node.entries.length);
    expect(withoutLevel(await entriesIn(loki))).toEqual(sorted(node.entries));
  });
});
