import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localLokiConfig } from '../../../lib/demo-run/local-configs';
import { type RunningEngine, startLoki } from '../../../lib/engines';
import { synthObjects } from '../../manifests/synth';
import { countIn, startStackLoki } from '../stage';
import { type Change, startEventsApi } from './api';
import { type EventLine, eventsIn, play, recordedChanges, startEventsCollector, untilEvents } from './stage';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function keep<T>(thing: Promise<T> | T, end: (thing: T) => unknown): Promise<T> {
  const kept = await thing;
  cleanups.push(() => end(kept));
  return kept;
}

const stopped = (engine: Promise<RunningEngine>) => keep(engine, (running) => running.stop());

/** Starts a Kubernetes API, and Loki; `start` starts a collector. */
async function setUp(tenants?: Readonly<Record<string, readonly string[]>>) {
  const dir = await keep(mkdtempSync(join(tmpdir(), 'events-')), (made) => rmSync(made, { recursive: true }));
  const api = await keep(startEventsApi(), (started) => started.close());
  const loki = await stopped(tenants ? startTenantsLoki() : startStackLoki());
  const start = async () => {
    const collector = await stopped(startEventsCollector({ lokiUrl: loki.url, tenants }, { apiUrl: api.url, dir }));
    await api.untilWatched();
    return collector;
  };
  return { api, loki, start };
}

/** Starts a Loki with tenants. */
function startTenantsLoki(): Promise<RunningEngine> {
  const config = ({ dir }: { dir: string }) =>
    localLokiConfig(synthObjects({}), dir, 'http://127.0.0.1:9') as Record<string, unknown>;
  return startLoki((at) => ({ ...config(at), auth_enabled: true }));
}

/** Identity of the state of an event that is sent: that of a repetition is another one. */
const stateOf = ({ object }: Change) => `${object.metadata.name} ${object.metadata.resourceVersion}`;

const isEvent = ({ object }: Change) => object.kind === 'Event';

const linesOf = (events: readonly EventLine[]) => events.map(({ time, line }) => `${time} ${line}`);

/** Number of times that a container ran out of memory in the recording. */
function outOfMemoryIn(changes: readonly Change[]): number {
  const text = JSON.stringify(changes);
  return new Set([...text.matchAll(/"finishedAt":"([^"]+)","reason":"OOMKilled"/g)].map(([, time]) => time)).size;
}

test('sends each event once, with the fields of its object', async () => {
  const { api, loki, start } = await setUp();
  const collector = await start();
  const changes = recordedChanges();
  await play(api, changes, collector);
  const expected = changes.filter(isEvent).length + outOfMemoryIn(changes);
  const events = await untilEvents(loki, expected, collector);

  expect(events).toHaveLength(expected);
  expect(new Set(linesOf(events)).size).toBe(expected);
  expect([...api.denied]).toEqual([]);
  const first = (reason: string) => {
    const { fields: { detected_level, severity_number, stream, ...fields } = {}, line } =
      events.find((event) => event.fields.reason === reason) ?? {};
    return { line, ...fields };
  };
  expect(
    ['OOMKilled', 'BackOff', 'FailedScheduling', 'FailedMount', 'Failed', 'ScalingReplicaSet'].map(first),
  ).toMatchInlineSnapshot(`
[
  {
    "app": "memory-hog",
    "container": "hog",
    "kind": "Pod",
    "line": "OOMKilled Pod shop/hungry-695fdf9d4f-hkd4d: Container hog ran out of memory and was killed",
    "name": "hungry-695fdf9d4f-hkd4d",
    "namespace": "shop",
    "node_name": "rig-control-plane",
    "pod": "hungry-695fdf9d4f-hkd4d",
    "reason": "OOMKilled",
    "type": "Warning",
  },
  {
    "app": "noimage",
    "container": "c",
    "kind": "Pod",
    "line": "BackOff Pod shop/noimage-68df5fff97-n5mwt: Back-off pulling image "example.com/missing:1"",
    "name": "noimage-68df5fff97-n5mwt",
    "namespace": "shop",
    "node_name": "rig-control-plane",
    "pod": "noimage-68df5fff97-n5mwt",
    "reason": "BackOff",
    "type": "Normal",
  },
  {
    "app": "nowhere",
    "kind": "Pod",
    "line": "FailedScheduling Pod shop/nowhere-6b584dcb84-ndxzb: 0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
    "name": "nowhere-6b584dcb84-ndxzb",
    "namespace": "shop",
    "pod": "nowhere-6b584dcb84-ndxzb",
    "reason": "FailedScheduling",
    "type": "Warning",
  },
  {
    "app": "nomount",
    "kind": "Pod",
    "line": "FailedMount Pod shop/nomount-55668ff549-gzllj: MountVolume.SetUp failed for volume "v" : secret "missing" not found",
    "name": "nomount-55668ff549-gzllj",
    "namespace": "shop",
    "node_name": "rig-control-plane",
    "pod": "nomount-55668ff549-gzllj",
    "reason": "FailedMount",
    "type": "Warning",
  },
  {
    "app": "noimage",
    "container": "c",
    "kind": "Pod",
    "line": "Failed Pod shop/noimage-68df5fff97-n5mwt: Error: ErrImagePull",
    "name": "noimage-68df5fff97-n5mwt",
    "namespace": "shop",
    "node_name": "rig-control-plane",
    "pod": "noimage-68df5fff97-n5mwt",
    "reason": "Failed",
    "type": "Warning",
  },
  {
    "app": "crash",
    "kind": "Deployment",
    "line": "ScalingReplicaSet Deployment shop/crash: Scaled up replica set crash-699d4fd9bb from 0 to 1",
    "name": "crash",
    "namespace": "shop",
    "reason": "ScalingReplicaSet",
    "type": "Normal",
  },
]
`);
  // As labels of logs: by the pod's labels, not by the names of its controllers.
  const apps = (kind: string) =>
    [...new Set(events.filter(({ fields }) => fields.kind === kind).map(({ fields }) => fields.app))].sort();
  expect(apps('Pod')).toEqual(['crash', 'memory-hog', 'noimage', 'nomount', 'nowhere']);
  // No rule on the logs of an app sees them.
  expect(await countIn(loki, '{job=~".+"}')).toBe(0);
  expect(await countIn(loki, '{namespace=~".+"}')).toBe(0);
});

test('neither loses nor repeats an event if it is killed', async () => {
  const { api, loki, start } = await setUp();
  const collector = await start();
  const changes = recordedChanges();
  const half = changes.findIndex(({ object }) => JSON.stringify(object).includes('OOMKilled')) + 20;
  const [before, missed] = [changes.slice(0, half), changes.slice(half)];
  await play(api, before, collector);
  const count = before.filter(isEvent).length + outOfMemoryIn(before);
  const sent = await untilEvents(loki, count, collector);
  process.kill(collector.pid, 'SIGKILL');
  await collector.exited;

  for (const change of missed) api.change(change);
  const again = await start();
  // Of the events that were repeated meanwhile, the API only has the last state.
  const last = new Map(missed.filter(isEvent).map((change) => [change.object.metadata.name, stateOf(change)]));
  const all = await untilEvents(loki, count + last.size, again);
  // Time for duplicates to arrive.
  await sleep(3_000);

  expect(linesOf(await eventsIn(loki))).toEqual(linesOf(all));
  expect(all).toHaveLength(count + last.size);
  expect(linesOf(all)).toEqual(expect.arrayContaining(linesOf(sent)));
  expect(new Set(linesOf(all)).size).toBe(all.length);
  expect(await countIn(loki, '{stream="kubernetes-events"}')).toBe(all.length);

  // A container that ran out of memory meanwhile is in the next change of its pod.
  const { object } = changes.findLast((change) => !isEvent(change) && outOfMemoryIn([change]) > 0) as Change;
  api.change({ type: 'MODIFIED', object: { ...object, metadata: { ...object.metadata, resourceVersion: '900000' } } });
  const [oldest] = (await untilEvents(loki, all.length + 1, again)).filter(
    (event) => !linesOf(all).includes(linesOf([event])[0] ?? ''),
  );
  expect(oldest?.line).toContain('ran out of memory');
});

test('sends the app of a container that runs out of memory in the first moments of its pod', async () => {
  const { api, loki, start } = await setUp();
  const collector = await start();
  const { object } = recordedChanges().find((change) => outOfMemoryIn([change]) > 0) as Change;
  const pods = Array.from({ length: 200 }, (_, index) => ({
    ...object,
    metadata: {
      ...object.metadata,
      name: `hungry-${index}`,
      uid: `${object.metadata.uid}-${index}`,
      resourceVersion: `${900_000 + index}`,
    },
  }));
  for (const pod of pods) api.change({ type: 'ADDED', object: pod });
  const events = await untilEvents(loki, pods.length, collector);

  expect(events.map(({ fields }) => fields.app)).toEqual(pods.map(() => 'memory-hog'));
  expect(events.map(({ fields }) => fields.pod).sort()).toEqual(pods.map(({ metadata }) => metadata.name).sort());
});

test('does not send older events after a start', async () => {
  const { api, loki, start } = await setUp();
  for (const change of recordedChanges(6 * 60)) api.change(change);
  const collector = await start();
  const changes = recordedChanges().map(({ type, object }, index) => {
    const { name, uid } = object.metadata;
    const metadata = {
      ...object.metadata,
      name: `new-${name}`,
      uid: `new-${uid}`,
      resourceVersion: `${900_000 + index}`,
    };
    return { type, object: { ...object, metadata } };
  });
  await play(api, changes, collector);
  const expected = changes.filter(isEvent).length + outOfMemoryIn(changes);

  expect(await untilEvents(loki, expected, collector)).toHaveLength(expected);
});

test('does not send events of deleted pods again, whose app is unknown', async () => {
  const { api, loki, start } = await setUp();
  const collector = await start();
  const changes = recordedChanges();
  await play(api, changes, collector);
  const expected = changes.filter(isEvent).length + outOfMemoryIn(changes);
  await untilEvents(loki, expected, collector);
  await collector.stop();
  const pods = changes.filter(({ object }) => object.kind === 'Pod').map(({ object }) => object);
  const version = Math.max(...changes.map(({ object }) => Number(object.metadata.resourceVersion)));
  for (const [index, object] of [...new Map(pods.map((pod) => [pod.metadata.name, pod])).values()].entries()) {
    const metadata = { ...object.metadata, resourceVersion: `${version + 1 + index}` };
    api.change({ type: 'DELETED', object: { ...object, metadata } });
  }
  await start();
  await sleep(4_000);

  expect(await eventsIn(loki)).toHaveLength(expected);
});

test("sends the events of a tenant's namespaces to the tenant, and all others to its own", async () => {
  const { api, loki, start } = await setUp({ events: ['shop', 'shop-jobs'], own: ['bank'] });
  const collector = await start();
  const changes = recordedChanges();
  await play(api, changes, collector);
  const [event] = changes.filter(isEvent);
  const of = (kind: string, namespace: string | undefined, index: number): Change => ({
    type: 'ADDED',
    object: {
      ...(event as Change).object,
      metadata: {
        name: `${kind}-${namespace}`,
        namespace: namespace ?? 'default',
        resourceVersion: `${900_000 + index}`,
      },
      involvedObject: { kind, name: 'it', ...(namespace ? { namespace } : {}) },
    },
  });
  for (const change of [of('Deployment', 'bank', 1), of('Deployment', 'else', 2), of('Node', undefined, 3)]) {
    api.change(change);
  }
  const deadline = Date.now() + 30_000;
  while ((await eventsIn(loki, 'fake')).length < 2 && Date.now() < deadline) await sleep(200);

  const namespacesOf = async (tenant: string) =>
    [...new Set((await eventsIn(loki, tenant)).map(({ fields }) => fields.namespace))].sort();
  expect(await namespacesOf('events')).toEqual(['shop']);
  expect(await namespacesOf('own')).toEqual(['bank']);
  expect(await namespacesOf('fake')).toEqual(['else', undefined]);
});
