import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import type { CollectorName } from '../../lib/collector/collectors';
import { localLokiConfig, relocate } from '../../lib/demo-run/local-configs';
import {
  LokiClient,
  type RunningEngine,
  type RunningServer,
  type StartOptions,
  startLoki,
  startOtelCollector,
  startPromtail,
} from '../../lib/engines';
import { freePorts } from '../../lib/engines/ports';
import { configData } from '../../lib/kubernetes-objects/dist';
import type { SharedLogAlertingProps } from '../../lib/stack/props';
import { type Manifest, workloads } from '../manifests/kubernetes';
import { synthObjects } from '../manifests/synth';
import { kubeconfig } from './kubernetes-api';
import { type Entry, NODE, type TestNode } from './node';

/** Options of the demo that change what a collector sends. */
export type CollectorOptions = Pick<SharedLogAlertingProps, 'collectFrom' | 'collectorPipeline' | 'cluster'>;

/** Returns the manifests of the demo with a collector. */
export const manifestsOf = (collector: CollectorName, options: CollectorOptions = {}): Manifest[] =>
  synthObjects({ collector, ...options });

/** Starts Loki with the configuration of the manifests. */
export function startStackLoki(
  options: StartOptions = {},
  manifests = manifestsOf('promtail'),
): Promise<RunningEngine> {
  return startLoki(({ dir }) => localLokiConfig(manifests, dir, 'http://127.0.0.1:9'), options);
}

/** Collectors to test. */
export const TESTED_COLLECTORS = ['promtail', 'opentelemetry'] as const satisfies readonly CollectorName[];

/** Changes a configuration. */
// biome-ignore lint/suspicious/noExplicitAny: untyped YAML.
export type Tweak = (config: any) => void;

export interface CollectorPlace {
  readonly node: TestNode;
  readonly apiUrl: string;
  readonly lokiUrl: string;
  /** Folder for positions, which is kept after a stop. */
  readonly dir: string;
  readonly tweak?: Tweak;
  /** Manifests with the configuration. @default the demo with this collector */
  readonly manifests?: readonly Manifest[];
}

/** Starts a collector with the configuration of its manifests. Only paths, addresses and the API server differ. */
export async function startCollector(name: CollectorName, place: CollectorPlace): Promise<RunningEngine> {
  mkdirSync(place.dir, { recursive: true });
  const file = join(place.dir, 'kubeconfig');
  writeFileSync(file, stringify(kubeconfig(place.apiUrl)));
  const options = { dir: place.dir, env: { KUBECONFIG: file, HOSTNAME: NODE, NODE_NAME: NODE } };
  if (name === 'promtail') return startLocalPromtail(place, file, options);
  return startLocalOtelCollector(place, options);
}

function startLocalPromtail(place: CollectorPlace, kubeconfigFile: string, options: StartOptions) {
  const { manifests = manifestsOf('promtail') } = place;
  const config = parse(configData(manifests, 'promtail-config')['config.yaml'] ?? '');
  place.tweak?.(config);
  const [scrape] = config.scrape_configs;
  scrape.kubernetes_sd_configs = scrape.kubernetes_sd_configs.map((discovery: object) => ({
    ...discovery,
    kubeconfig_file: kubeconfigFile,
  }));
  return startPromtail(relocate(config, places(place, config.clients[0].url, '/run/promtail')), options);
}

async function startLocalOtelCollector(place: CollectorPlace, options: StartOptions) {
  const { manifests = manifestsOf('opentelemetry') } = place;
  const config = parse(configData(manifests, 'otel-log-collector-config')['config.yaml'] ?? '');
  const [workload] = workloads(manifests).filter(({ metadata }) => metadata.name === 'otel-log-collector');
  const args = workload?.spec.template.spec.containers[0]?.args?.filter((arg) => !arg.startsWith('--config='));
  config.processors.k8s_attributes.auth_type = 'kubeConfig';
  place.tweak?.(config);
  const [healthPort] = await freePorts(1);
  config.extensions.health_check.endpoint = `127.0.0.1:${healthPort}`;
  const [reader] = config.service.telemetry.metrics.readers;
  reader.pull.exporter.prometheus.host = '127.0.0.1';
  const relocated = relocate(config, places(place, config.exporters.otlp_http.endpoint, '/var/lib/otelcol'));
  return startOtelCollector(
    ({ port }) => {
      reader.pull.exporter.prometheus.port = port;
      return {
        ...relocated,
        service: {
          ...relocated.service,
          telemetry: { ...relocated.service.telemetry, metrics: config.service.telemetry.metrics },
        },
      };
    },
    { ...options, args },
  );
}

function places({ node, lokiUrl, dir }: CollectorPlace, url: string, positions: string): Record<string, string> {
  return { '/var/log/pods': node.podLogs, [new URL(url).origin]: lokiUrl, [positions]: dir };
}

/** Returns all log lines in Loki, sorted, with the detected level as a label. */
export async function entriesIn(loki: RunningServer, selector = '{job=~".+"}'): Promise<Entry[]> {
  const now = Math.ceil(Date.now() / 1000);
  const range = { start: now - 24 * 3600, end: now + 60, limit: 5000, direction: 'forward' } as const;
  const answer = await new LokiClient(loki.url).queryRange(selector, range);
  if (answer.resultType !== 'streams') throw new Error(`expected streams, got ${answer.resultType}`);
  return sorted(
    answer.result.flatMap(({ stream, values }) => values.map(([time, line]) => ({ labels: stream, time, line }))),
  );
}

/** Returns the number of lines that a metric query counts. */
export async function countIn(loki: RunningServer, selector = '{job=~".+"}'): Promise<number> {
  const answer = await new LokiClient(loki.url).query(`sum(count_over_time(${selector}[24h]))`);
  return answer.resultType === 'vector' ? Number(answer.result[0]?.value[1] ?? 0) : Number.NaN;
}

export function sorted(entries: readonly Entry[]): Entry[] {
  const key = ({ time, labels, line }: Entry) => `${time} ${labels.job} ${labels.pod} ${labels.container} ${line}`;
  return [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Removes the level, which Loki adds. */
export function withoutLevel(entries: readonly Entry[]): Entry[] {
  return entries.map(({ labels: { detected_level: _, ...labels }, ...rest }) => ({ ...rest, labels }));
}

/** Waits until Loki has at least this number of lines. */
export async function untilCount(
  loki: RunningServer,
  lines: number,
  ...collectors: readonly RunningServer[]
): Promise<void> {
  const deadline = Date.now() + 60_000;
  while ((await countIn(loki)) < lines) {
    if (Date.now() > deadline) {
      const logs = collectors.map((collector) => collector.logs()).join('\n');
      throw new Error(`${await countIn(loki)} of ${lines} lines are in Loki\n${logs}`);
    }
    await sleep(200);
  }
}
