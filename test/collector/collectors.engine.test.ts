import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningEngine } from '../../lib/engines';
import { pod } from './pods';
import { expectSameEntries, LEGACY, SHOP, useNodes } from './scenario';
import {
  countIn,
  entriesIn,
  manifestsOf,
  sorted,
  startCollector,
  startStackLoki,
  TESTED_COLLECTORS,
  type Tweak,
  untilCount,
  withoutLevel,
} from './stage';

const nodes = useNodes();
const { setUp, setUpCollector, stopped } = nodes;

const numbered = (lines: number) => Array.from({ length: lines }, (_, n) => `GET /${n} 200 ${'x'.repeat(50)}`);

describe('Promtail and the OpenTelemetry Collector', () => {
  test('send the same lines and labels from the same files', () => expectSameEntries('opentelemetry', nodes));

  test('differ in the app of a pod with an unknown controller, and in the logs of a deleted pod', async () => {
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

  test.each(TESTED_COLLECTORS)('%s resumes at its last position after a restart', async (name) => {
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
  test('neither loses nor duplicates lines if it is killed during writes', async () => {
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

  const tinyQueue: Tweak = (config) => {
    // Far smaller than the real one, so that it is full at once.
    config.exporters.otlp_http.sending_queue.queue_size = 64 * 1024;
    config.exporters.otlp_http.sending_queue.batch = { flush_timeout: '1s', min_size: 16 * 1024, max_size: 32 * 1024 };
  };

  // A full queue pauses reading. SIGTERM in that state is the only case in which the collector loses lines.
  test.each<[string, NodeJS.Signals, Tweak | undefined]>([
    ['in the queue', 'SIGTERM', undefined],
    ['in the files if the queue is full', 'SIGKILL', tinyQueue],
  ])('keeps lines %s while Loki is down and the collector restarts', async (_, signal, tweak) => {
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
    till.lines('after the restart');
    const back = await stopped(startStackLoki({ dir: loki.dir, port: Number(port) }));
    await untilCount(back, node.entries.length, again);

    expect(await countIn(back)).toBe(node.entries.length);
    expect(withoutLevel(await entriesIn(back))).toEqual(sorted(node.entries));
  });
});

describe('migration between collectors', () => {
  /** Starts Loki and a Promtail that has sent all lines: old ones, those of a quiet pod, and new ones. */
  async function setUpMigration(flushed: boolean) {
    const { node, api } = await setUp(160);
    const till = node
      .log(SHOP, 'till', 'shop')
      .lines(...numbered(50))
      .parts('an old line ', 'in parts');
    const sidecar = node.log(SHOP, 'sidecar', 'shop').lines('a quiet pod, hours ago');
    const legacy = node.log(LEGACY, 'main', 'legacy', 'docker').lines(...numbered(50));
    node.wait(150);
    till.lines(...numbered(50));
    legacy.lines(...numbered(50));
    const { loki, start, collector } = await setUpCollector('promtail', node, api);
    await untilCount(loki, node.entries.length, collector);
    let current = loki;
    if (flushed) {
      // Flushes everything to disk, and starts a Loki with nothing in memory.
      await fetch(`${loki.url}/ingester/shutdown?flush=true&delete_ring_tokens=false&terminate=false`, {
        method: 'POST',
      });
      const port = Number(new URL(loki.url).port);
      await loki.stop();
      current = await stopped(startStackLoki({ dir: loki.dir, port }));
    }
    const startOther = () =>
      stopped(
        startCollector('opentelemetry', { node, apiUrl: api.url, lokiUrl: loki.url, dir: join(node.dir, 'other') }),
      );
    return { node, till, sidecar, legacy, loki: current, promtail: collector, startPromtail: start, startOther };
  }

  test.each([
    ['Loki has the old lines in memory', false],
    ['Loki has them on disk', true],
  ])('neither loses nor duplicates lines there and back: %s', async (_, flushed) => {
    const { node, till, sidecar, legacy, loki, promtail, startPromtail, startOther } = await setUpMigration(flushed);
    const expectAllLines = async (...collectors: readonly RunningEngine[]) => {
      await untilCount(loki, node.entries.length, ...collectors);
      await sleep(3000);
      expect(await countIn(loki)).toBe(node.entries.length);
      expect(withoutLevel(await entriesIn(loki))).toEqual(sorted(node.entries));
    };

    const other = await startOther();
    await sleep(2000);
    till.lines('both collectors');
    sidecar.lines('both collectors');
    await expectAllLines(promtail, other);
    await promtail.stop();
    till.lines('only the other', ...numbered(20)).parts('in ', 'parts');
    legacy.errors('only the other');
    await expectAllLines(other);
    await other.stop();
    till.lines('no collector');
    const promtailAgain = await startPromtail();
    sidecar.lines('Promtail again');
    await expectAllLines(promtailAgain);
  });

  // Loki only detects a duplicate of a line in memory while its block is open, of 256 KB per stream.
  test('neither loses nor duplicates many lines in memory with a start time', async () => {
    const { node, api } = await setUp(60);
    const many = (lines: number) => Array.from({ length: lines }, (_, n) => `${n} ${'x'.repeat(400)}`);
    const till = node.log(SHOP, 'till', 'shop').lines(...many(2000));
    const legacy = node.log(LEGACY, 'main', 'legacy', 'docker').lines(...many(100));
    const { loki, collector } = await setUpCollector('promtail', node, api);
    await untilCount(loki, node.entries.length, collector);

    const manifests = manifestsOf('opentelemetry', { collectFrom: node.time });
    const dir = join(node.dir, 'other');
    const other = await stopped(
      startCollector('opentelemetry', { node, apiUrl: api.url, lokiUrl: loki.url, dir, manifests }),
    );
    till.lines('both collectors').parts('both ', 'in parts');
    await untilCount(loki, node.entries.length, collector, other);
    await collector.stop();
    till.lines(...many(500));
    legacy.lines(...many(10));
    await untilCount(loki, node.entries.length, other);
    await sleep(3000);

    expect(await countIn(loki)).toBe(node.entries.length);
    expect(withoutLevel(await entriesIn(loki))).toEqual(sorted(node.entries));
  });
});
