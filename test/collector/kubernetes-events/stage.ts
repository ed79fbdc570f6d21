import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import {
  type KubernetesEventsConfigProps,
  kubernetesEventsConfig,
} from '../../../lib/collector/kubernetes-events/config';
import { EVENT_LINES } from '../../../lib/collector/kubernetes-events/fields';
import { LokiClient, type RunningEngine, type RunningServer, startOtelCollector } from '../../../lib/engines';
import { freePorts } from '../../../lib/engines/ports';
import { kubeconfig } from '../kubernetes-api';
import type { Change, EventsApi } from './api';

/**
 * Returns changes of events and pods that were recorded on a cluster of Kubernetes 1.34, without fields that the collector
 * does not read: a container out of memory, a crash loop, and pods without a node, a volume and an image. The last one
 * is now, because older ones are not sent.
 * @param secondsAgo time of the last one
 */
export function recordedChanges(secondsAgo = 0): Change[] {
  const text = readFileSync(join(__dirname, 'recorded.jsonl'), 'utf8');
  const times = [...text.matchAll(TIME)].map(([time]) => Date.parse(time));
  const shift = Math.floor((Date.now() - Math.max(...times)) / 1000 - secondsAgo) * 1000;
  return text
    .replace(TIME, (time) => new Date(Date.parse(time) + shift).toISOString().slice(0, 19))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Times to the second; what follows in the recording, a fraction and the zone UTC, stays. */
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/g;

/** Starts the collector with its configuration. Only addresses and the API server differ. */
export async function startEventsCollector(
  props: Pick<KubernetesEventsConfigProps, 'lokiUrl' | 'tenants'>,
  { apiUrl, dir }: { readonly apiUrl: string; readonly dir: string },
): Promise<RunningEngine> {
  const file = join(dir, 'kubeconfig');
  writeFileSync(file, stringify(kubeconfig(apiUrl)));
  const [healthPort = 0] = await freePorts(1);
  return startOtelCollector(
    ({ port }) => {
      const config = kubernetesEventsConfig({ ...props, httpPort: port, healthPort });
      config.extensions.health_check.endpoint = `127.0.0.1:${healthPort}`;
      for (const receiver of Object.values(config.receivers)) receiver.auth_type = 'kubeConfig';
      config.processors.k8s_attributes.auth_type = 'kubeConfig';
      for (const { pull } of config.service.telemetry.metrics.readers) pull.exporter.prometheus.host = '127.0.0.1';
      return config;
    },
    { dir, env: { KUBECONFIG: file } },
  );
}

/**
 * Makes changes. Those after the last new pod are made when the collector knows its labels, as on a cluster, where there is
 * time between a pod and its first event: the API sends both on connections of their own.
 */
export async function play(api: EventsApi, changes: readonly Change[], collector: RunningServer): Promise<void> {
  const afterPods = changes.findLastIndex(({ type, object }) => type === 'ADDED' && object.kind === 'Pod') + 1;
  for (const change of changes.slice(0, afterPods)) api.change(change);
  const deadline = Date.now() + 30_000;
  while ((await knownPods(collector)) < api.pods()) {
    if (Date.now() > deadline) throw new Error(`the collector does not know all pods\n${collector.logs()}`);
    await sleep(50);
  }
  for (const change of changes.slice(afterPods)) api.change(change);
}

/** Returns the number of pods whose attributes the collector knows. */
async function knownPods({ url }: RunningServer): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const entries = Number(/^otelcol_k8s_watcher_pod_cache_size\S* (\d+)$/m.exec(metrics)?.[1] ?? 0);
  return entries / ENTRIES_OF_POD;
}

/** A pod is in the table by its UID, and by its namespace and name. */
const ENTRIES_OF_POD = 2;

/** An event in Loki. */
export interface EventLine {
  readonly fields: Readonly<Record<string, string>>;
  /** Unix time in nanoseconds. */
  readonly time: string;
  readonly line: string;
}

/** Returns all events in Loki, sorted by time. */
export async function eventsIn(loki: RunningServer, tenant?: string): Promise<EventLine[]> {
  const now = Math.ceil(Date.now() / 1000);
  const range = { start: now - 7200, end: now + 60, limit: 5000, direction: 'forward' } as const;
  const answer = await new LokiClient(loki.url, tenant === undefined ? {} : { tenant }).queryRange(EVENT_LINES, range);
  if (answer.resultType !== 'streams') throw new Error(`expected streams, got ${answer.resultType}`);
  return answer.result
    .flatMap(({ stream, values }) => values.map(([time, line]) => ({ fields: stream, time, line })))
    .sort((a, b) => (a.time + a.line < b.time + b.line ? -1 : 1));
}

/** Returns the events in Loki once their number is that, or fails with the log of the collector. */
export async function untilEvents(loki: RunningServer, count: number, collector: RunningServer): Promise<EventLine[]> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await eventsIn(loki);
    if (found.length >= count) return found;
    if (Date.now() > deadline) throw new Error(`${found.length} of ${count} events are in Loki\n${collector.logs()}`);
    await sleep(200);
  }
}
