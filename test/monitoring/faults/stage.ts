import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient, type RunningServer } from '../../../lib/engines';
import type { PrometheusAlert } from '../../../lib/monitoring/pipeline-alerts';
import * as rules from '../../../rules';
import { type KubernetesApi, type Pod, startKubernetesApi } from '../../collector/kubernetes-api';
import { TestNode } from '../../collector/node';
import { pod } from '../../collector/pods';
import { startCollector, type TESTED_COLLECTORS, type Tweak } from '../../collector/stage';
import { find, type Manifest } from '../../manifests/kubernetes';
import { synthObjects } from '../../manifests/synth';
import type { RunningPod } from '../../support/pod/pod';
import { startLokiPod } from '../../support/pod/programs';
import { fasterRules, LOKI_FASTER } from './faster-rules';
import type { TcpProxy } from './tcp-proxy';
import { FASTER, type ScrapedPod, TimeLapse } from './time-lapse';

export type Collector = (typeof TESTED_COLLECTORS)[number];

/** Names of the collectors' DaemonSets. */
const NAMES = { promtail: 'promtail', opentelemetry: 'otel-log-collector' } as const;

const QUIET = pod('shop', 'quiet', { labels: { app: 'quiet' } });
export const FAULTY = pod('shop', 'faulty', { labels: { app: 'faulty' } });
const LOKI = pod('logging', 'loki-0', { labels: { 'app.kubernetes.io/name': 'loki' } });
const CANARY = pod('logging', 'log-canary', { labels: { 'app.kubernetes.io/name': 'log-canary' } });

const LINKS = { grafanaUrl: 'http://localhost:3000' };

/** Mount path of the rules in Loki's pod. */
export const RULES_PATH = '/etc/loki/rules/fake';

/** An hour of Loki's rules. */
const HOUR_MS = 3600_000 / LOKI_FASTER;

export interface StageOptions {
  readonly collector: Collector;
  /** Changes Loki's configuration. @default as in the manifests */
  readonly loki?: Tweak;
  /** Changes the collector's configuration, in addition to shorter retries. @default as in the manifests */
  readonly tweak?: Tweak;
  /** Size of Loki's volume. @default as in the manifests */
  readonly disk?: string;
  /** Additional environment variables of Loki. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Proxy between the collector and Loki. @default none */
  readonly proxy?: TcpProxy;
  /**
   * Has no lines of the canary from before the start.
   * @default false, the pipeline has run for an hour of the rules
   */
  readonly newlyInstalled?: boolean;
}

/** Returns the manifests of the stack with its own rules and the alerts of Prometheus. */
export function manifestsWith(collector: Collector): Manifest[] {
  return synthObjects({
    collector,
    monitoring: { namespace: 'monitoring' },
    rules: [rules.pipeline(LINKS), rules.noLogs(LINKS)].map(fasterRules),
  });
}

export function alertsOf(manifests: readonly Manifest[]): PrometheusAlert[] {
  const rule = find(manifests, 'PrometheusRule', 'log-pipeline') as unknown as {
    spec: { groups: { rules: PrometheusAlert[] }[] };
  };
  return rule.spec.groups.flatMap((group) => group.rules);
}

/**
 * A node with a collector and Loki, as configured in the manifests. It has an app that logs continuously, and collects
 * the logs of Loki and of the collector, too.
 */
export class Stage {
  readonly lapse: TimeLapse;
  private readonly ended = new AbortController();
  private readonly writers: Promise<void>[];
  private written = 0;

  private constructor(
    readonly node: TestNode,
    api: KubernetesApi,
    readonly loki: RunningPod,
    private readonly collector: RunningServer,
    private readonly startAnother: () => Promise<RunningServer>,
    manifests: readonly Manifest[],
    private readonly name: Collector,
    private readonly end: () => Promise<void>,
  ) {
    const own = pod('log-collector', NAMES[name], { labels: { 'app.kubernetes.io/name': NAMES[name] } });
    api.add(own);
    this.lapse = new TimeLapse(
      [scraped('logging', 'loki', loki), scraped('log-collector', NAMES[name], collector)],
      alertsOf(manifests),
    );
    this.writers = [this.logQuietly(), this.follow(loki, LOKI), this.follow(collector, own)];
  }

  static async start(options: StageOptions): Promise<Stage> {
    const { collector: name, loki: change, tweak, disk, env, proxy, newlyInstalled } = options;
    const manifests = manifestsWith(name);
    const ends: (() => unknown)[] = [];
    const end = async () => {
      for (const each of ends.splice(0).reverse()) await each();
    };
    try {
      const node = new TestNode(0);
      ends.push(() => node.remove());
      const api = await startKubernetesApi([QUIET, FAULTY, LOKI, CANARY]);
      ends.push(() => api.close());
      const loki = await startLokiPod(manifests, {
        env,
        sizes: disk ? { data: disk } : {},
        tweak: (config) => {
          config.ruler.evaluation_interval = '1s';
          config.ruler.poll_interval = '1s';
          change?.(config);
        },
      });
      ends.push(() => loki.stop());
      const lokiUrl = (await proxy?.start(loki.url)) ?? loki.url;
      ends.push(() => proxy?.close());
      const startOne = async (dir: string) => {
        const place = { node, apiUrl: api.url, lokiUrl, dir: join(node.dir, dir), manifests };
        const collector = await startCollector(name, {
          ...place,
          tweak: (config) => {
            shortenRetries(config);
            tweak?.(config);
          },
        });
        ends.push(() => collector.stop());
        return collector;
      };
      const first = await startOne('first');
      const stage = new Stage(node, api, loki, first, () => startOne('second'), manifests, name, end);
      if (!newlyInstalled) stage.log(CANARY, ['canary'], new Date(Date.now() - HOUR_MS));
      return stage;
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** Starts a second collector, as on another node. It reads the same files, and Loki drops the duplicates. */
  async startSecondCollector(): Promise<RunningServer> {
    const second = await this.startAnother();
    this.lapse.add({ ...scraped('log-collector', NAMES[this.name], second), pod: 'another' });
    return second;
  }

  /** Writes lines to a pod's log file in the format of the container runtime. */
  log(of: Pod, lines: readonly string[], time = new Date()): void {
    const { namespace, name, uid } = of.metadata;
    const folder = join(this.node.podLogs, `${namespace}_${name}_${uid}`, 'main');
    mkdirSync(folder, { recursive: true });
    appendFileSync(join(folder, '0.log'), lines.map((line) => criParts(time, line)).join(''));
  }

  /** Waits until an alert of Loki's ruler fires. @throws after a minute */
  async untilLokiFires(name: string): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const all = await this.lokiRules();
      if (all.some((rule) => rule.name === name && rule.state === 'firing')) return;
      if (Date.now() > deadline) throw new Error(`${name} did not fire:\n${JSON.stringify(all)}\n${this.logs()}`);
      await sleep(500);
    }
  }

  /** Returns the rules of Loki's ruler and their states. */
  async lokiRules() {
    return (await new LokiClient(this.loki.url).rules()).flatMap((group) => group.rules);
  }

  /** Waits until all lines of the quiet app so far are in Loki. @throws after a minute */
  async untilOthersArrive(): Promise<void> {
    const lines = this.written;
    await this.untilArrived('quiet', lines);
  }

  /** Ends the fault; pending lines must then arrive. Undefined if the fault can't be ended. */
  recover?: () => Promise<void>;

  /** Waits until Loki has a number of lines of an app. @throws after a minute */
  async untilArrived(app: string, lines: number): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const count = await this.count(`{app="${app}"}`);
      if (count >= lines) return;
      if (Date.now() > deadline) throw new Error(`${count} of ${lines} lines of ${app} are in Loki\n${this.logs()}`);
      await sleep(500);
    }
  }

  /** Returns the number of lines of the last hour. */
  async count(logs: string): Promise<number> {
    const answer = await new LokiClient(this.loki.url).query(`sum(count_over_time(${logs} [1h]))`);
    return answer.resultType === 'vector' ? Number(answer.result[0]?.value[1] ?? 0) : Number.NaN;
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await Promise.all([...this.writers, this.lapse.stop()]);
    await this.end();
  }

  private logs(): string {
    return [this.loki, this.collector].map((engine) => engine.logs().slice(-3000)).join('\n---\n');
  }

  private async logQuietly(): Promise<void> {
    while (!this.ended.signal.aborted) {
      this.log(QUIET, [`line ${this.written++}`]);
      this.log(CANARY, [`canary ${this.written}`]);
      await sleep(200);
    }
  }

  /** Writes a program's output to the log file of its container. */
  private async follow(engine: RunningServer, of: Pod): Promise<void> {
    const seen = new Set<string>();
    while (!this.ended.signal.aborted) {
      // The last line may be incomplete.
      const lines = engine.logs().split('\n').slice(0, -1);
      const fresh = lines.filter((line) => line !== '' && !seen.has(line));
      for (const line of fresh) seen.add(line);
      if (fresh.length > 0) this.log(of, fresh);
      await sleep(200);
    }
  }
}

/** Divides the interval of retries like the durations in the alerts of Prometheus. */
const shortenRetries: Tweak = (config) => {
  const longest = `${60 / FASTER}s`;
  for (const client of config.clients ?? []) client.backoff_config.max_period = longest;
  for (const exporter of Object.values<{ retry_on_failure: { max_interval: string } }>(config.exporters ?? {}))
    exporter.retry_on_failure.max_interval = longest;
};

function scraped(namespace: string, job: string, { url }: RunningServer): ScrapedPod {
  return { namespace, job, pod: `${job}-0`, url };
}

/** Maximum length of a partial line of containerd. */
const PART = 16 * 1024;

function criParts(time: Date, line: string): string {
  const parts = line.match(new RegExp(`.{1,${PART}}`, 'gs')) ?? [''];
  return parts
    .map((part, i) => `${time.toISOString()} stdout ${i === parts.length - 1 ? 'F' : 'P'} ${part}\n`)
    .join('');
}
