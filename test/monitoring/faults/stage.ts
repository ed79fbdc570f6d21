import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient, type RunningEngine, type StartOptions, startLoki } from '../../../lib/engines';
import type { PrometheusAlert } from '../../../lib/monitoring/pipeline-alerts';
import { localLokiConfig, localLokiFiles } from '../../../lib/story/local-configs';
import * as rules from '../../../rules';
import { type KubernetesApi, type Pod, startKubernetesApi } from '../../collector/kubernetes-api';
import { TestNode } from '../../collector/node';
import { pod } from '../../collector/pods';
import { type PROVEN, startCollector, type Tweak } from '../../collector/stage';
import { find, type Manifest } from '../../manifests/kubernetes';
import { objects, synth } from '../../manifests/synth';
import { FASTER, type Scraped, TimeLapse } from './time-lapse';

export type Collector = (typeof PROVEN)[number];

/** Name and namespace of a collector's pods. */
const NAMES = { promtail: 'promtail', opentelemetry: 'otel-log-collector' } as const;

const QUIET = pod('shop', 'quiet', { labels: { app: 'quiet' } });
export const FAULTY = pod('shop', 'faulty', { labels: { app: 'faulty' } });
const LOKI = pod('logging', 'loki-0', { labels: { 'app.kubernetes.io/name': 'loki' } });

/** Where nobody listens. */
export const NOBODY = 'http://127.0.0.1:9';

export interface StageOptions {
  readonly collector: Collector;
  /** Changes Loki's configuration. @default as in the manifests */
  readonly loki?: Tweak;
  /** Changes the collector's configuration, beside the times between its retries. @default as in the manifests */
  readonly tweak?: Tweak;
  /** Of Loki. @default none */
  readonly start?: StartOptions;
  /** Where the collector finds Loki. @default at its own address */
  readonly lokiUrl?: (loki: RunningEngine) => string;
}

/** The manifests of the stack with its own rules and the alerts of Prometheus. */
export function manifestsWith(collector: Collector): Manifest[] {
  return objects(
    synth({
      collector,
      monitoring: { namespace: 'monitoring' },
      rules: [rules.pipeline({ grafanaUrl: 'http://localhost:3000' })],
    }),
  );
}

export function alertsOf(manifests: readonly Manifest[]): PrometheusAlert[] {
  const rule = find(manifests, 'PrometheusRule', 'log-pipeline') as unknown as {
    spec: { groups: { rules: PrometheusAlert[] }[] };
  };
  return rule.spec.groups.flatMap((group) => group.rules);
}

/**
 * One node with a collector and a Loki of its own, as the manifests configure them; a quiet app that logs all the time,
 * and the lines of Loki and of the collector, which are collected like everybody's.
 */
export class Stage {
  readonly lapse: TimeLapse;
  private readonly ended = new AbortController();
  private readonly writers: Promise<void>[];
  private written = 0;

  private constructor(
    readonly node: TestNode,
    private readonly api: KubernetesApi,
    readonly loki: RunningEngine,
    readonly collector: RunningEngine,
    readonly manifests: readonly Manifest[],
    name: Collector,
  ) {
    const own = pod('log-collector', NAMES[name], { labels: { 'app.kubernetes.io/name': NAMES[name] } });
    api.add(own);
    this.lapse = new TimeLapse(
      [
        scraped('logging', 'loki', loki),
        scraped('log-collector', NAMES[name], collector),
      ],
      alertsOf(manifests),
    );
    this.writers = [this.logQuietly(), this.follow(loki, LOKI), this.follow(collector, own)];
  }

  static async start({ collector: name, loki: change, tweak, start, lokiUrl }: StageOptions): Promise<Stage> {
    const manifests = manifestsWith(name);
    const node = new TestNode(0);
    const api = await startKubernetesApi([QUIET, FAULTY, LOKI]);
    const loki = await startLoki(
      ({ dir }) => {
        // biome-ignore lint/suspicious/noExplicitAny: a configuration as YAML has it.
        const config = localLokiConfig(manifests, dir, NOBODY) as any;
        config.ruler.evaluation_interval = '1s';
        config.ruler.poll_interval = '1s';
        change?.(config);
        return config;
      },
      { files: localLokiFiles(manifests), ...start },
    );
    const collector = await startCollector(name, {
      node,
      apiUrl: api.url,
      lokiUrl: lokiUrl?.(loki) ?? loki.url,
      dir: join(node.dir, name),
      manifests,
      tweak: (config) => {
        // As much shorter as all that Prometheus measures.
        for (const client of config.clients ?? []) client.backoff_config.max_period = `${60 / FASTER}s`;
        for (const exporter of Object.values<{ retry_on_failure: { max_interval: string } }>(config.exporters ?? {}))
          exporter.retry_on_failure.max_interval = `${60 / FASTER}s`;
        tweak?.(config);
      },
    });
    return new Stage(node, api, loki, collector, manifests, name);
  }

  /** Lines of a pod, as its container's runtime writes them now. */
  log(of: Pod, lines: readonly string[], time = new Date()): void {
    const { namespace, name, uid } = of.metadata;
    const folder = join(this.node.podLogs, `${namespace}_${name}_${uid}`, 'main');
    mkdirSync(folder, { recursive: true });
    appendFileSync(join(folder, '0.log'), lines.map((line) => criParts(time, line)).join(''));
  }

  /** Waits until an alert of Loki's own ruler fires. @throws after a minute */
  async untilLokiFires(name: string): Promise<void> {
    const client = new LokiClient(this.loki.url);
    const deadline = Date.now() + 60_000;
    for (;;) {
      const all = (await client.rules()).flatMap((group) => group.rules);
      if (all.some((rule) => rule.name === name && rule.state === 'firing')) return;
      if (Date.now() > deadline) throw new Error(`${name} did not fire:\n${JSON.stringify(all)}\n${this.logs()}`);
      await sleep(500);
    }
  }

  /** Waits until all that the quiet app has logged so far is in Loki. @throws after a minute */
  async untilOthersArrive(): Promise<void> {
    const lines = this.written;
    await this.untilArrived('quiet', lines);
  }

  /** @throws after a minute */
  async untilArrived(app: string, lines: number): Promise<void> {
    const client = new LokiClient(this.loki.url);
    const deadline = Date.now() + 60_000;
    for (;;) {
      const answer = await client.query(`sum(count_over_time({app="${app}"}[1h]))`);
      const count = answer.resultType === 'vector' ? Number(answer.result[0]?.value[1] ?? 0) : Number.NaN;
      if (count >= lines) return;
      if (Date.now() > deadline) throw new Error(`${count} of ${lines} lines of ${app} are in Loki\n${this.logs()}`);
      await sleep(500);
    }
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await Promise.all([...this.writers, this.lapse.stop()]);
    await Promise.all([this.collector.stop(), this.loki.stop()]);
    await this.api.close();
    this.node.remove();
  }

  private logs(): string {
    return [this.loki, this.collector].map((engine) => engine.logs().slice(-3000)).join('\n---\n');
  }

  private async logQuietly(): Promise<void> {
    while (!this.ended.signal.aborted) {
      this.log(QUIET, [`line ${this.written++}`]);
      await sleep(200);
    }
  }

  /** Writes what a program logs where its container's log would be. */
  private async follow(engine: RunningEngine, of: Pod): Promise<void> {
    const seen = new Set<string>();
    while (!this.ended.signal.aborted) {
      // The last one may not be complete.
      const lines = engine.logs().split('\n').slice(0, -1);
      const fresh = lines.filter((line) => line !== '' && !seen.has(line));
      for (const line of fresh) seen.add(line);
      if (fresh.length > 0) this.log(of, fresh);
      await sleep(200);
    }
  }
}

function scraped(namespace: string, job: string, { url }: RunningEngine): Scraped {
  return { namespace, job, pod: `${job}-0`, url };
}

/** Longest part of a line that containerd writes at once. */
const PART = 16 * 1024;

function criParts(time: Date, line: string): string {
  const parts = line.match(new RegExp(`.{1,${PART}}`, 'gs')) ?? [''];
  return parts
    .map((part, i) => `${time.toISOString()} stdout ${i === parts.length - 1 ? 'F' : 'P'} ${part}\n`)
    .join('');
}
