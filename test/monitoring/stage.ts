import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CollectorName } from '../../lib/collector/collectors';
import { localLokiConfig } from '../../lib/demo-run/local-configs';
import { type RunningEngine, startLoki } from '../../lib/engines';
import { LOOPBACK } from '../../lib/engines/ports';
import { startKubernetesApi } from '../collector/kubernetes-api';
import { TestNode } from '../collector/node';
import { pod } from '../collector/pods';
import { manifestsOf, startCollector } from '../collector/stage';
import { startAlertmanagers } from '../loki/alertmanagers';
import { PRODUCTION, synthObjects } from '../manifests/synth';
import { TcpProxy } from './faults/tcp-proxy';
import { type MetricUse, missingMetrics } from './promql';

/** Older than the week that Loki accepts. */
const MINUTES_AGO = 8 * 24 * 60;

/** A firing alert, and a rule that Loki loads but whose evaluations fail. */
const RULES = `
groups:
  - name: rules
    interval: 1s
    rules:
      - { alert: Fires, expr: 'vector(1)' }
      - { alert: Fails, expr: '{app="a"}' }
`;

/** Address without a server. */
const UNREACHABLE = `http://${LOOPBACK}:9`;

/** Accept header of a current Prometheus: in OpenMetrics, counters have other names than in the older text format. */
const ACCEPT = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';

/** All programs of the pipeline with their generated configurations, with faults that make counters appear. */
export interface Pipeline {
  /** Returns the metrics of all programs. */
  readonly metrics: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

export async function startPipeline(names: readonly CollectorName[]): Promise<Pipeline> {
  const node = new TestNode(MINUTES_AGO);
  const shop = pod('shop', 'till', { labels: { app: 'till' } });
  // Loki rejects such an old line, and the collector drops it.
  const till = node.log(shop, 'main', 'till').lines('an old line');
  node.wait(MINUTES_AGO);
  till.lines('a line that Loki accepts');
  const api = await startKubernetesApi([shop]);
  const proxy = new TcpProxy();
  const running: RunningEngine[] = [];
  const stop = async () => {
    await Promise.all(running.map((engine) => engine.stop()));
    proxy.close();
    await api.close();
    node.remove();
  };
  try {
    const loki = await startLoki(
      ({ dir }) => {
        const config = localLokiConfig(manifestsOf('promtail'), dir, UNREACHABLE) as { compactor: object };
        // The default is ten minutes.
        return { ...config, compactor: { ...config.compactor, compaction_interval: '5s' } };
      },
      { files: { 'rules/fake/rules.yaml': RULES } },
    );
    running.push(loki);
    running.push(
      ...(await startAlertmanagers(synthObjects({ ...PRODUCTION, alertmanager: { replicas: 3 } }), UNREACHABLE)),
    );
    // The first attempts fail.
    const lokiUrl = await proxy.start(loki.url);
    proxy.cut();
    for (const name of names) {
      const dir = join(node.dir, name);
      running.push(await startCollector(name, { node, apiUrl: api.url, lokiUrl, dir }));
    }
    setTimeout(() => proxy.restore(), 10_000).unref();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    metrics: async () => (await Promise.all(running.map(({ url }) => scrape(`${url}/metrics`)))).join('\n'),
    stop,
  };
}

async function scrape(url: string): Promise<string> {
  const response = await fetch(url, { headers: { accept: ACCEPT } });
  if (!response.ok) throw new Error(`${url} returned ${response.status}`);
  return response.text();
}

/** Waits until all metrics exist. @returns those that are missing after a minute */
export async function missing({ metrics }: Pipeline, used: readonly MetricUse[]): Promise<string[]> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const absent = missingMetrics(used, await metrics());
    if (absent.length === 0 || Date.now() > deadline) return absent;
    await sleep(500);
  }
}
