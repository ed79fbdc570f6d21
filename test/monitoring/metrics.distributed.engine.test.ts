import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient } from '../../lib/engines';
import { readDist } from '../../lib/kubernetes-objects/dist';
import { type DistributedStage, startDistributed } from '../loki/distributed-stage';
import { find, type Manifest } from '../manifests/kubernetes';

// Tests that Loki's targets have the metrics of the alerts, and that the rulers' rules add up to the expected number.

interface Rule extends Manifest {
  readonly spec: {
    readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
  };
}

const manifests = readDist(join(__dirname, '../../examples/production/dist'));
const alerts = (find(manifests as Manifest[], 'PrometheusRule', 'log-pipeline') as Rule).spec.groups.flatMap(
  ({ rules }) => rules,
);

let stage: DistributedStage;

beforeAll(async () => {
  // Nothing listens on this port, so that alerts are dropped.
  stage = await startDistributed(manifests, { alertmanagerUrls: ['http://127.0.0.1:9'] });
  const [distributor] = stage.of('distributor');
  const loki = new LokiClient(distributor?.engine.url ?? '');
  const lineOf = (time: number) => [
    { labels: { app: 'any' }, entries: [[BigInt(time) * 1_000_000n, 'a line'] as const] },
  ];
  // Streams are counted from the first line on, and refused lines from the first one that is.
  await loki.push(lineOf(Date.now()));
  await expect(loki.push(lineOf(Date.now() - 30 * 24 * 3_600_000))).rejects.toThrow('timestamp too old');
}, 180_000);

afterAll(() => stage?.stop());

/** Returns the metrics of the pods of a `job`. */
async function served(job: string): Promise<string> {
  const members = stage.members.filter(({ target }) => job === `loki-${target}`);
  const texts = await Promise.all(members.map(async ({ engine }) => (await fetch(`${engine.url}/metrics`)).text()));
  return texts.join('\n');
}

/** Pairs of a metric and its jobs, without duplicates per alert. */
const usedMetrics = alerts.flatMap(({ alert, expr }) => {
  const selectors = expr.matchAll(/(\w+)\{namespace="logging",job=~?"(loki[^"]*)"/g);
  const pairs = new Set([...selectors].map(([, metric, jobs]) => `${metric} ${jobs}`));
  return [...pairs].map((pair) => pair.split(' ')).map(([metric = '', jobs = '']) => ({ alert, metric, jobs }));
});

test.each(usedMetrics.filter(({ metric }) => metric !== 'up'))(
  '$metric of $alert exists in one of its targets',
  async ({ metric, jobs }) => {
    const series = new RegExp(`^${metric}[{ ]`, 'm');
    const found = async () => (await Promise.all(jobs.split('|').map(served))).some((text) => series.test(text));
    // Rulers serve some metrics only after their first evaluation, a minute after they start.
    const deadline = Date.now() + 90_000;
    while (!(await found()) && Date.now() < deadline) await sleep(500);

    expect(await found()).toBe(true);
  },
);

test('the rulers have the number of rules that LokiRulesNotLoaded expects', async () => {
  const { expr = '' } = alerts.find(({ alert }) => alert === 'LokiRulesNotLoaded') ?? {};
  const expected = Number(/ != (\d+)$/.exec(expr)?.[1]);
  const loaded = async () =>
    [...(await served('loki-ruler')).matchAll(/^loki_prometheus_rule_group_rules\{.*\} (\d+)$/gm)].reduce(
      (sum, [, rules]) => sum + Number(rules),
      0,
    );
  while ((await loaded()) < expected) await sleep(500);

  // By then, both rulers have read the ring again.
  await sleep(20_000);
  expect(await loaded()).toBe(expected);
});
