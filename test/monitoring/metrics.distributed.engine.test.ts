import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDist } from '../../lib/demo-run/dist';
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
}, 180_000);

afterAll(() => stage?.stop());

/** Returns the metrics of the pods of a `job`. */
async function served(job: string): Promise<string> {
  const members = stage.members.filter(({ target }) => job === `loki-${target}`);
  const texts = await Promise.all(members.map(async ({ engine }) => (await fetch(`${engine.url}/metrics`)).text()));
  return texts.join('\n');
}

const usedMetrics = alerts.flatMap(({ alert, expr }) =>
  [...expr.matchAll(/(\w+)\{namespace="logging",job=~?"(loki[^"]*)"/g)]
    .filter(([, metric]) => metric !== 'up')
    .map(([, metric = '', jobs = '']) => ({ alert, metric, jobs: jobs.split('|') })),
);

test.each(usedMetrics)('$metric of $alert exists in one of its targets', async ({ metric, jobs }) => {
  let texts: string[];
  do {
    await sleep(500);
    texts = await Promise.all(jobs.map(served));
  } while (!texts.some((text) => new RegExp(`^${metric}[{ ]`, 'm').test(text)));
});

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
