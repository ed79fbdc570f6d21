import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDist } from '../../lib/kubernetes-objects/dist';
import { type DistributedStage, startDistributed } from '../loki/distributed-stage';
import { find, type Manifest } from '../manifests/kubernetes';

// Which of Loki's targets serves what the alerts ask of it, and that the rulers' rules add up to what they were given.

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
  // Nobody listens there, so that alerts are dropped.
  stage = await startDistributed(manifests, { alertmanagerUrls: ['http://127.0.0.1:9'] });
}, 180_000);

afterAll(() => stage?.stop());

/** What the pods of a `job` serve. */
async function served(job: string): Promise<string> {
  const members = stage.members.filter(({ target }) => job === `loki-${target}`);
  const texts = await Promise.all(members.map(async ({ engine }) => (await fetch(`${engine.url}/metrics`)).text()));
  return texts.join('\n');
}

const asked = alerts.flatMap(({ alert, expr }) =>
  [...expr.matchAll(/(\w+)\{namespace="logging",job=~?"(loki[^"]*)"/g)]
    .filter(([, metric]) => metric !== 'up')
    .map(([, metric = '', jobs = '']) => ({ alert, metric, jobs: jobs.split('|') })),
);

test.each(asked)('$alert finds $metric at one of the targets that it asks', async ({ metric, jobs }) => {
  let texts: string[];
  do {
    await sleep(500);
    texts = await Promise.all(jobs.map(served));
  } while (!texts.some((text) => new RegExp(`^${metric}[{ ]`, 'm').test(text)));
});

test('the rules of all rulers are as many as LokiRulesNotLoaded expects', async () => {
  const { expr = '' } = alerts.find(({ alert }) => alert === 'LokiRulesNotLoaded') ?? {};
  const expected = Number(/ != (\d+)$/.exec(expr)?.[1]);
  const loaded = async () =>
    [...(await served('loki-ruler')).matchAll(/^loki_prometheus_rule_group_rules\{.*\} (\d+)$/gm)].reduce(
      (sum, [, rules]) => sum + Number(rules),
      0,
    );
  while ((await loaded()) < expected) await sleep(500);

  // Both have looked at the ring again by then.
  await sleep(20_000);
  expect(await loaded()).toBe(expected);
});
