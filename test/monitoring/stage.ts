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
import { BreakableWay } from './faults/breakable-way';
import { type Asked, notServed } from './promql';

/** Older than the week that Loki accepts. */
const MINUTES_AGO = 8 * 24 * 60;

/** One alert that fires and one rule that fails at each evaluation, as Loki takes both. */
const RULES = `
groups:
  - name: rules
    interval: 1s
    rules:
      - { alert: Fires, expr: 'vector(1)' }
      - { alert: Fails, expr: '{app="a"}' }
`;

/** No server listens there. */
const NOBODY = `http://${LOOPBACK}:9`;

/** What a Prometheus of today accepts first: counters have other names in it than in the older text. */
const ACCEPT = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';

/** Every program of the pipeline with its generated configuration, in trouble that makes its counters appear. */
export interface Pipeline {
  /** What all of them serve at `/metrics`: a name and labels a line. */
  readonly metrics: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

export async function startPipeline(names: readonly CollectorName[]): Promise<Pipeline> {
  const node = new TestNode(MINUTES_AGO);
  const shop = pod('shop', 'till', { labels: { app: 'till' } });
  // Loki refuses a line that old, and a collector drops it.
  const till = node.log(shop, 'main', 'till').lines('an old line');
  node.wait(MINUTES_AGO);
  till.lines('a line that Loki takes');
  const api = await startKubernetesApi([shop]);
  const way = new BreakableWay();
  const running: RunningEngine[] = [];
  const stop = async () => {
    await Promise.all(running.map((engine) => engine.stop()));
    way.close();
    await api.close();
    node.remove();
  };
  try {
    const loki = await startLoki(
      ({ dir }) => {
        const config = localLokiConfig(manifestsOf('promtail'), dir, NOBODY) as { compactor: object };
        // Ten minutes otherwise.
        return { ...config, compactor: { ...config.compactor, compaction_interval: '5s' } };
      },
      { files: { 'rules/fake/rules.yaml': RULES } },
    );
    running.push(loki);
    running.push(...(await startAlertmanagers(synthObjects({ ...PRODUCTION, alertmanager: { replicas: 3 } }), NOBODY)));
    // Cut for the first tries.
    const lokiUrl = await way.to(loki.url);
    way.cut();
    for (const name of names) {
      const dir = join(node.dir, name);
      running.push(await startCollector(name, { node, apiUrl: api.url, lokiUrl, dir }));
    }
    setTimeout(() => way.mend(), 10_000).unref();
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
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response.text();
}

/** Waits until all that is asked for is there; returns what is missing after a minute. */
export async function missing({ metrics }: Pipeline, asked: readonly Asked[]): Promise<string[]> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const absent = notServed(asked, await metrics());
    if (absent.length === 0 || Date.now() > deadline) return absent;
    await sleep(500);
  }
}
