import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CollectorName } from '../../../lib/collector/collectors';
import type { CollectorPipeline, MultilinePreset } from '../../../lib/collector/pipeline/options';
import type { RunningServer } from '../../../lib/engines';
import { DROPPED } from '../../../lib/monitoring/pipeline-alerts';
import fc from '../../support/properties';
import type { KubernetesApi } from '../kubernetes-api';
import type { ContainerLog, Entry, TestNode } from '../node';
import { pod } from '../pods';
import { CART, LEGACY, SHOP, useNodes } from '../scenario';
import {
  type CollectorOptions,
  countIn,
  entriesIn,
  sorted,
  TESTED_COLLECTORS,
  untilCount,
  withoutLevel,
} from '../stage';

const nodes = useNodes();

/** Returns the entries of a log with stack traces of a real program. */
function traces(preset: MultilinePreset): string[] {
  return readFileSync(join(__dirname, 'traces', `${preset}.txt`), 'utf8')
    .trimEnd()
    .split('\n%%\n');
}

/** Lets both collectors send the log files of a node, each to a Loki of its own. Returns what each Loki has. */
async function send(
  node: TestNode,
  api: KubernetesApi,
  options: CollectorOptions,
  expected: number,
): Promise<Record<CollectorName, readonly Entry[]>> {
  const found: Partial<Record<CollectorName, readonly Entry[]>> = {};
  for (const name of TESTED_COLLECTORS) {
    const { loki, collector } = await nodes.setUpCollector(name, node, api, undefined, options);
    await untilCount(loki, expected, collector);
    await untilStill(loki);
    found[name] = withoutLevel(await entriesIn(loki));
    await collector.stop();
  }
  return found as Record<CollectorName, readonly Entry[]>;
}

/** Waits until no more lines arrive: longer than an entry waits for its next line. */
async function untilStill(loki: RunningServer): Promise<void> {
  for (let before = -1, now = await countIn(loki); now !== before; ) {
    await sleep(5000);
    [before, now] = [now, await countIn(loki)];
  }
}

const lines = (entries: readonly Entry[]) => entries.map(({ line }) => line);

const PRESETS = ['java', 'python', 'go', 'dotnet'] as const;

test('stack traces of Java, Python, Go and .NET are entries, each with the time of its first line', async () => {
  const pods = PRESETS.map((preset) => pod('mall', `${preset}-0`, { controller: ['StatefulSet', preset] }));
  const { node, api } = await nodes.setUp(5, pods);
  const expected = pods.flatMap((each, index) => {
    const log = node.log(each, 'main', PRESETS[index] as string, index % 2 === 0 ? 'cri' : 'docker');
    return traces(PRESETS[index] as MultilinePreset).map((text) => joined(log, node, text));
  });
  const multiline = PRESETS.map((preset) => ({ pods: [`${preset}-*`], preset }));
  const { promtail, opentelemetry } = await send(node, api, { collectorPipeline: { multiline } }, expected.length);

  expect(lines(promtail)).toEqual(lines(sorted(expected)));
  expect(promtail).toEqual(sorted(expected));
  expect(opentelemetry).toEqual(promtail);
});

/** Writes the lines of an entry, and returns the entry. */
function joined(log: ContainerLog, node: TestNode, text: string): Entry {
  const before = node.entries.length;
  log.errors(...text.split('\n'));
  const [first] = node.entries.slice(before);
  return { ...(first as Entry), line: text.trimEnd() };
}

/** Lines that rules below change or drop, and those that a configuration file could misinterpret. */
const line = fc.oneof(
  fc.constantFrom(
    ...['', ' ', 'GET /healthz 200', 'GET /cart 200', 'user=bob@example.com', 'card 4111 1111 1111 1111', 'DEBUG loop'],
    ...[
      '  indented',
      '\tat shop.Main(Main.java:1)',
      'Caused by: x',
      '2026-01-02 begin',
      '2026-01-02',
      'a$1b ${HOME} $$',
    ],
    ...[
      '{{ .Value }} {{ printf "x" }}',
      'password=hunter2 x',
      '{"password":"hun\\"ter","a":1}',
      'Authorization: Bearer abcdefgh',
    ],
    ...[
      'https://bob:secret@example.com/a',
      '`backticks` "quotes" \'single\' \\back\\slash',
      'a@b',
      '<!channel> @here',
      '🎉 id=12 ü',
    ],
  ),
  fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ')),
);

const PIPELINE: CollectorPipeline = {
  multiline: [
    { pods: ['shop-*'], containers: ['till'], firstLine: '^(?:\\d{4}-\\d{2}-\\d{2}\\b|[A-Z{<])' },
    { namespaces: ['mall'], containers: ['main', 'till'], preset: 'java' },
  ],
  drop: [
    { pattern: '^GET /healthz' },
    { namespaces: ['mall'], containers: ['sidecar', 'main'], pattern: '(?i)debug|"a":1' },
  ],
  redact: [
    { preset: 'credentials' },
    { preset: 'emails' },
    { containers: ['till', 'sidecar'], pattern: '(?P<key>id)=(\\d)+', replacement: '${key}:$2$$ {{ "x" }} `"\\' },
    { pattern: '\\$(\\d|\\$)', replacement: '' },
    { pods: ['cart-*'], pattern: '.+', replacement: '' },
  ],
};

test('both collectors send the same entries of any lines, with the label of the cluster', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  const { node, api } = await nodes.setUp(20);
  const sample = fc.sample(fc.tuple(line, fc.nat(6)), { numRuns: 1500, seed });
  const logs = [
    node.log(SHOP, 'till', 'shop'),
    node.log(SHOP, 'sidecar', 'shop'),
    node.log(CART, 'main', 'cart-service'),
    node.log(LEGACY, 'main', 'legacy', 'docker'),
  ];
  for (const [text, where] of sample) {
    const log = logs[where % logs.length] as ContainerLog;
    if (where < 4) log.lines(text);
    else if (where === 4) log.errors(text);
    else log.parts(text, text);
  }
  const { promtail, opentelemetry } = await send(node, api, { collectorPipeline: PIPELINE, cluster: 'prod-eu' }, 100);

  expect({ seed, entries: opentelemetry }).toEqual({ seed, entries: promtail });
  expect(lines(promtail).join('\n')).not.toMatch(/hunter2|bob@example|GET \/healthz|:secret@|abcdefgh/);
  expect(lines(promtail).some((text) => text.includes('\n'))).toBe(true);
  expect(new Set(promtail.map(({ labels }) => labels.cluster))).toEqual(new Set(['prod-eu']));
});

describe('limits of an entry', () => {
  const multiline = [{ preset: 'java', maxWait: '1s', maxLines: 4 }] as const;
  const frames = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => `\tat shop.Main.f${from + n}(Main.java:1)`);

  test('the lines beyond them differ: Promtail joins them, with the time of the first line', async () => {
    const { node, api } = await nodes.setUp(5);
    const till = node.log(SHOP, 'till', 'shop');
    till.lines('\tat shop.Main.stray(Main.java:1)', 'java.lang.Error', ...frames(0, 6), 'end');
    till.errors('of the other stream', ...frames(0, 2));
    const { promtail, opentelemetry } = await send(node, api, { collectorPipeline: { multiline } }, 5);

    const [stray, first] = node.entries as [Entry, Entry];
    const start = [
      { line: '\tat shop.Main.stray(Main.java:1)', time: stray.time },
      { line: ['java.lang.Error', ...frames(0, 3)].join('\n'), time: first.time },
    ];
    const end = [
      { line: 'end', time: node.entries[8]?.time },
      { line: ['of the other stream', ...frames(0, 2)].join('\n'), time: node.entries[9]?.time },
    ];
    const timed = (entries: readonly Entry[]) => entries.map(({ line: text, time }) => ({ line: text, time }));
    const rest = { line: frames(3, 6).join('\n'), time: first.time };
    expect(timed(promtail)).toEqual([start[0], rest, start[1], ...end]);
    expect(timed(opentelemetry)).toEqual([
      ...start,
      ...[5, 6, 7].map((index) => ({ line: node.entries[index]?.line, time: node.entries[index]?.time })),
      ...end,
    ]);
  });

  test('Loki cuts an entry at 256 kB, and keeps its beginning', async () => {
    const { node, api } = await nodes.setUp(5);
    const lines = Array.from({ length: 30 }, (_, n) => `\tat ${n} ${'x'.repeat(14_000)}`);
    node.log(SHOP, 'till', 'shop').lines('java.lang.Error', ...lines, 'end');
    const { promtail } = await send(node, api, { collectorPipeline: { multiline: [{ preset: 'java' }] } }, 2);

    const [entry] = promtail as [Entry];
    expect(['java.lang.Error', ...lines].join('\n').startsWith(entry.line)).toBe(true);
    expect(entry.line.length).toBeGreaterThan(250_000);
  });
});

describe.each(TESTED_COLLECTORS)('%s', (name) => {
  const collectorPipeline: CollectorPipeline = {
    multiline: [{ preset: 'java', maxWait: '20s' }],
    drop: [{ pattern: '^GET /healthz' }],
  };
  const options = { collectorPipeline };

  test('sends an incomplete entry if it is stopped', async () => {
    const { node, api } = await nodes.setUp(5);
    const till = node.log(SHOP, 'till', 'shop').lines('one', 'java.lang.Error', '\tat a.B.c(D.java:1)');
    const { loki, collector, start } = await nodes.setUpCollector(name, node, api, undefined, options);
    await untilCount(loki, 1, collector);
    await sleep(1500);
    await collector.stop();
    till.lines('\tat a.B.d(D.java:1)', 'two', 'three');
    // The OpenTelemetry Collector keeps what it has read in its queue on the disk.
    const again = await start();
    await untilCount(loki, 5, again);

    expect(lines(withoutLevel(await entriesIn(loki)))).toEqual([
      'one',
      'java.lang.Error\n\tat a.B.c(D.java:1)',
      '\tat a.B.d(D.java:1)',
      'two',
      'three',
    ]);
  });

  // Promtail stores its positions every ten seconds, the OpenTelemetry Collector after every read.
  test(`${name === 'promtail' ? 'reads' : 'loses'} an incomplete entry if it is killed`, async () => {
    const { node, api } = await nodes.setUp(5);
    const till = node.log(SHOP, 'till', 'shop').lines('one', 'java.lang.Error', '\tat a.B.c(D.java:1)');
    const { loki, collector, start } = await nodes.setUpCollector(name, node, api, undefined, options);
    await untilCount(loki, 1, collector);
    await sleep(1500);
    process.kill(collector.pid, 'SIGKILL');
    await collector.exited;
    till.lines('\tat a.B.d(D.java:1)', 'two', 'three');
    const again = await start();
    await untilStill(loki);
    await again.stop();
    const last = await start();
    await untilStill(loki);
    await last.stop();

    const entry = ['java.lang.Error', '\tat a.B.c(D.java:1)', '\tat a.B.d(D.java:1)'];
    expect(lines(withoutLevel(await entriesIn(loki)))).toEqual(
      name === 'promtail' ? ['one', entry.join('\n'), 'two', 'three'] : ['one', '\tat a.B.d(D.java:1)', 'two', 'three'],
    );
  });

  test('counts the lines that it drops, but not as lost ones', async () => {
    const { node, api } = await nodes.setUp(5);
    node.log(SHOP, 'till', 'shop').lines('GET /healthz 1', 'GET /cart', 'GET /healthz 2', 'GET /healthz 3', 'end');
    const { loki, collector } = await nodes.setUpCollector(name, node, api, undefined, options);
    await untilCount(loki, 1, collector);
    await sleep(1500);

    const metrics = await (await fetch(`${collector.url}/metrics`)).text();
    const value = (metric: string) => new RegExp(`^${metric}(?:\\{.*\\})? (\\d+)$`, 'm').exec(metrics)?.[1];
    expect(value(FILTERED[name])).toBe('3');
    expect(value(DROPPED[name]) ?? '0').toBe('0');
  });
});

/** Each collector's counter of lines that the option drops. */
const FILTERED: Readonly<Record<CollectorName, string>> = {
  promtail: 'logentry_dropped_lines_total',
  opentelemetry: 'otelcol_processor_filter_logs_filtered',
};
