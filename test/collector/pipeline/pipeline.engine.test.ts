import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CollectorName } from '../../../lib/collector/collectors';
import type { CollectorPipeline, MultilinePreset } from '../../../lib/collector/pipeline/options';
import type { KubernetesApi } from '../kubernetes-api';
import { type ContainerLog, type Entry, type TestNode } from '../node';
import { SHOP, useNodes } from '../scenario';
import { entriesIn, sorted, TESTED_COLLECTORS, untilCount, withoutLevel } from '../stage';

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
    await sleep(1500);
    found[name] = withoutLevel(await entriesIn(loki));
    await collector.stop();
  }
  return found as Record<CollectorName, readonly Entry[]>;
}

const lines = (entries: readonly Entry[]) => entries.map(({ line }) => line);

test.each(['java', 'python', 'go', 'dotnet'] as const)('%s: each stack trace is an entry', async (preset) => {
  const { node, api } = await nodes.setUp(5);
  const log = node.log(SHOP, 'till', 'shop');
  const expected: Entry[] = [];
  for (const text of traces(preset)) expected.push(...joined(log, node, text));
  const { promtail, opentelemetry } = await send(node, api, { multiline: [{ preset }] }, expected.length);

  expect(lines(promtail)).toEqual(lines(sorted(expected)));
  expect(promtail).toEqual(sorted(expected));
  expect(opentelemetry).toEqual(promtail);
});

/** Writes the lines of an entry, and returns the entry. */
function joined(log: ContainerLog, node: TestNode, text: string): Entry[] {
  const before = node.entries.length;
  log.errors(...text.split('\n'));
  const [first] = node.entries.slice(before);
  return first ? [{ ...first, line: text.trimEnd() }] : [];
}
