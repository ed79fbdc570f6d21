import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { CollectorName } from '../../../lib/collector/collectors';
import type { RunningServer } from '../../../lib/engines';
import type { CollectorPipeline, MultilinePreset } from '../../../lib/collector/pipeline/options';
import type { KubernetesApi } from '../kubernetes-api';
import { type ContainerLog, type Entry, type TestNode } from '../node';
import { pod } from '../pods';
import { CART, LEGACY, SHOP, useNodes } from '../scenario';
import { countIn, entriesIn, sorted, TESTED_COLLECTORS, untilCount, withoutLevel } from '../stage';

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
  collectorPipeline: CollectorPipeline,
  expected: number,
): Promise<Record<CollectorName, readonly Entry[]>> {
  const found: Partial<Record<CollectorName, readonly Entry[]>> = {};
  for (const name of TESTED_COLLECTORS) {
    const { loki, collector } = await nodes.setUpCollector(name, node, api, undefined, { collectorPipeline });
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
  const { promtail, opentelemetry } = await send(node, api, { multiline }, expected.length);

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
    ...['  indented', '\tat shop.Main(Main.java:1)', 'Caused by: x', '2026-01-02 begin', '2026-01-02', 'a$1b ${HOME} $$'],
    ...['{{ .Value }} {{ printf "x" }}', 'password=hunter2 x', '{"password":"hun\\"ter","a":1}', 'Authorization: Bearer abcdefgh'],
    ...['https://bob:secret@example.com/a', '`backticks` "quotes" \'single\' \\back\\slash', 'a@b', '<!channel> @here', '🎉 id=12 ü'],
  ),
  fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ')),
);

const PIPELINE: CollectorPipeline = {
  multiline: [
    { pods: ['shop-*'], containers: ['till'], firstLine: '^(?:\\d{4}-\\d{2}-\\d{2}\\b|[A-Z{<])' },
    { namespaces: ['mall'], containers: ['main', 'till'], preset: 'java' },
  ],
  drop: [{ pattern: '^GET /healthz' }, { namespaces: ['mall'], containers: ['sidecar', 'main'], pattern: '(?i)debug|"a":1' }],
  redact: [
    { preset: 'credentials' },
    { preset: 'emails' },
    { containers: ['till', 'sidecar'], pattern: '(?P<key>id)=(\\d)+', replacement: '${key}:$2$$ {{ "x" }} `"\\' },
    { pattern: '\\$(\\d|\\$)', replacement: '' },
    { pods: ['cart-*'], pattern: '.+', replacement: '' },
  ],
};

test('both collectors send the same entries of any lines', async () => {
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
  const { promtail, opentelemetry } = await send(node, api, PIPELINE, 100);

  expect({ seed, entries: opentelemetry }).toEqual({ seed, entries: promtail });
  expect(lines(promtail).join('\n')).not.toMatch(/hunter2|bob@example|GET \/healthz|:secret@|abcdefgh/);
  expect(lines(promtail).some((text) => text.includes('\n'))).toBe(true);
});
