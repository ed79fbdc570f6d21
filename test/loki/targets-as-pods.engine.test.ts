import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { LokiClient, startWebhookSink, type WebhookSink } from '../../lib/engines';
import { readDist } from '../../lib/kubernetes-objects/dist';
import { LOKI_TARGETS, type LokiTargetName } from '../../lib/loki/targets';
import { quantity } from '../manifests/kubernetes';
import { memoryLimitOf, statusOf, writableMounts } from '../support/pod/kernel';
import { machine, REQUIRED, toolPath } from '../support/pod/machine';
import type { RunningPod } from '../support/pod/pod';
import { podTest } from '../support/pod/pods-run';
import { startGatewayPod } from '../support/pod/programs';
import { volumesOf } from '../support/pod/volumes';
import { workloadOf } from '../support/pod/workload';
import { type DistributedStage, startDistributed } from './distributed-stage';
import { metric } from './metrics';

// Runs each target of a distributed Loki as its pod. `npm run test:distributed` tests failures of some.

/** The committed manifests, which users apply. */
const manifests = readDist(join(__dirname, '../../examples/production/dist'));

const TARGETS = Object.keys(LOKI_TARGETS) as LokiTargetName[];

/** One process per target, and one ingester per copy of a line. */
const MEMBERS = TARGETS.flatMap((target) => (target === 'ingester' ? [target, target, target] : [target]));

/** Path of nginx, e.g. in Debian. */
const nginx = toolPath('nginx');

const RULES_PATH = '/etc/loki/rules/fake';

let sink: WebhookSink | undefined;
let stage: DistributedStage | undefined;
let gateway: RunningPod | undefined;

beforeAll(async () => {
  const found = await machine();
  if (!found) return;
  sink = await startWebhookSink();
  stage = await startDistributed(manifests, {
    members: MEMBERS,
    // The sink accepts requests of rulers to an Alertmanager.
    alertmanagerUrls: [sink.url],
    tweak: ({ ruler }) => Object.assign(ruler, { poll_interval: '1s' }),
  });
  // Without the user of the pod, nginx runs as root and looks up another user.
  if (nginx && found.users) {
    gateway = await startGatewayPod(manifests, nginx, {
      'http://loki-query-frontend.logging.svc:3100': podOf('query-frontend').url,
      'http://loki-querier.logging.svc:3100': podOf('querier').url,
      'http://loki-ruler.logging.svc:3100': podOf('ruler').url,
    });
  }
}, 180_000);

afterAll(async () => {
  await gateway?.stop();
  await stage?.stop();
  await sink?.close();
});

function podOf(target: LokiTargetName): RunningPod {
  const [member] = stage?.of(target) ?? [];
  if (!member) throw new Error(`there is no ${target}`);
  return member.engine;
}

/** Limits of a pod in the kernel and in its manifest. */
function constraints(pod: RunningPod, kind: 'StatefulSet' | 'Deployment', name: string) {
  const workload = workloadOf(manifests, { kind, name });
  const { securityContext } = workload.pod;
  const { disks } = volumesOf(workload, manifests, {}, {});
  const mounted = (workload.container.volumeMounts ?? []).flatMap(({ name: volume, mountPath }) =>
    disks.filter((disk) => disk.name === volume).map((disk) => ({ mountPath, bytes: disk.bytes })),
  );
  const { users, memory, disks: sized } = pod.machine;
  const { Uid = '', CapEff } = statusOf(pod.programPid);
  return {
    kernel: {
      writable: writableMounts(pod.programPid).sort(),
      capabilities: CapEff,
      user: users && Number(Uid.split('\t')[1]),
      memory: memory && memoryLimitOf(pod.programPid),
      // The overhead of the file system does not count.
      tooLarge: sized && mounted.filter(({ mountPath, bytes }) => pod.usage(mountPath).size > bytes),
      evicted: pod.evicted(),
    },
    manifest: {
      writable: mounted.map(({ mountPath }) => mountPath).sort(),
      capabilities: '0'.repeat(16),
      user: users && securityContext.runAsUser,
      memory: memory && quantity(workload.container.resources.limits.memory),
      tooLarge: sized && [],
      evicted: undefined,
    },
  };
}

for (const target of TARGETS) {
  podTest(`${target} is ready under the constraints of its pod`, async () => {
    const { kernel, manifest } = constraints(podOf(target), LOKI_TARGETS[target].kind, `loki-${target}`);

    expect(kernel).toEqual(manifest);
  });
}

podTest('gateway is ready under the constraints of its pod', async () => {
  if (!gateway) {
    const missing = nginx ? 'it needs the user of its pod' : 'nginx is not on PATH: install the package nginx-light';
    if (REQUIRED) throw new Error(missing);
    process.stderr.write(`pods: the gateway is left out: ${missing}\n`);
    return;
  }
  const { kernel, manifest } = constraints(gateway, 'Deployment', 'loki-gateway');

  expect(kernel).toEqual(manifest);
});

/** Rings of a target, with the number of their active members. */
const RINGS: readonly (readonly [LokiTargetName, ring: string, members: number])[] = [
  ['distributor', 'ingester', 3],
  ['distributor', 'distributor', 1],
  ['ingester', 'ingester', 3],
  ['querier', 'ingester', 3],
  ['ruler', 'ingester', 3],
  ['ruler', 'ruler', 1],
  ['compactor', 'compactor', 1],
];

podTest('members join their rings, and their clients see all of them', async () => {
  const active = (target: LokiTargetName, ring: string) =>
    metric(podOf(target), 'loki_ring_members', `{name="${ring}",state="ACTIVE"}`);

  await eventually(
    async () => Promise.all(RINGS.map(async ([target, ring]) => [target, ring, await active(target, ring)])),
    RINGS,
  );
});

podTest('queries and rules find a line that the distributor received', async () => {
  const watchdog = parse(shipped('watchdog.yaml'));
  for (const group of watchdog.groups) group.interval = '1s';
  podOf('ruler').update(RULES_PATH, { 'watchdog.yaml': stringify(watchdog) });
  const labels = { job: 'logging/log-canary', namespace: 'logging', app: 'log-canary' };
  const seconds = Date.now() / 1000;
  const now = BigInt(Math.floor(seconds)) * 1_000_000_000n;

  await new LokiClient(podOf('distributor').url).push([{ labels, entries: [[now, 'canary 1']] }]);

  // Via frontend, scheduler and querier.
  const frontend = new LokiClient((gateway ?? podOf('query-frontend')).url);
  const { result } = await frontend.queryRange('{app="log-canary"}', { start: seconds - 60, end: seconds + 60 });
  expect(result).toEqual([expect.objectContaining({ values: [[`${now}`, 'canary 1']] })]);
  const alert = await sink?.waitFor(({ path }) => path.endsWith('/api/v2/alerts'), 60_000);
  expect(JSON.parse(alert?.body ?? '')).toEqual([
    expect.objectContaining({ labels: expect.objectContaining({ alertname: 'Watchdog' }) }),
  ]);
  const groups = await new LokiClient((gateway ?? podOf('ruler')).url).rules();
  expect(groups.flatMap(({ rules }) => rules.map(({ name, state }) => [name, state]))).toEqual([
    ['Watchdog', 'firing'],
  ]);
  expect(await metric(podOf('ruler'), 'loki_prometheus_rule_evaluation_failures_total')).toBe(0);
});

podTest('no target lacks a directory or a permission', async () => {
  const complaints = (stage?.members ?? []).flatMap(({ name, engine }) =>
    engine
      .logs()
      .split('\n')
      .filter((line) => /read-only file system|permission denied|no space left|cannot allocate memory/i.test(line))
      .map((line) => `${name}: ${line}`),
  );

  expect(complaints).toEqual([]);
});

/** A rule file of the manifests. */
function shipped(name: string): string {
  const text = manifests.map(({ data = {} }) => data[name]).find((found) => found !== undefined);
  if (text === undefined) throw new Error(`no ConfigMap has ${name}`);
  return text;
}

/** Waits until a value is as expected. @throws after half a minute, with the actual value */
async function eventually(found: () => Promise<unknown>, expected: unknown): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (JSON.stringify(await found()) !== JSON.stringify(expected) && Date.now() < deadline) await sleep(200);
  expect(await found()).toEqual(expected);
}
