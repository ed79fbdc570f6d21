import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** An object of the Kubernetes API. */
export interface ApiObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid?: string;
    readonly resourceVersion: string;
  };
  readonly [field: string]: unknown;
}

/** A change of an object, as a watch reports it. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: ApiObject;
}

export interface EventsApi {
  readonly url: string;
  /** Requests that were denied. */
  readonly denied: ReadonlySet<string>;
  /** Waits until the collector watches events, and both of its parts watch pods: earlier changes are in its lists. */
  untilWatched(): Promise<void>;
  /** Number of pods. */
  pods(): number;
  /** Makes a change, and reports it to watchers. */
  change(change: Change): void;
  close(): Promise<void>;
}

/** Resources that the collector's ClusterRole allows to read. */
const KINDS: Readonly<Record<string, string>> = { events: 'Event', pods: 'Pod' };

/**
 * Starts a Kubernetes API with events and pods, as far as the collector uses it: discovery, list and watch. Like the real
 * one with the collector's ClusterRole, it denies all other requests. It replaces a cluster; the collector is real.
 */
export async function startEventsApi(): Promise<EventsApi> {
  const changes: Change[] = [];
  const denied = new Set<string>();
  const watchers = new Set<{ kind: string; response: ServerResponse }>();

  const objectsOf = (kind: string) => {
    const objects = new Map<string, ApiObject>();
    for (const { type, object } of changes.filter((each) => each.object.kind === kind)) {
      const key = `${object.metadata.namespace}/${object.metadata.name}`;
      objects.delete(key);
      if (type !== 'DELETED') objects.set(key, object);
    }
    return [...objects.values()];
  };
  const version = () => changes.at(-1)?.object.metadata.resourceVersion ?? '1';

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const discovered = DISCOVERY[pathname];
    const kind = KINDS[/^\/api\/v1\/(\w+)$/.exec(pathname)?.[1] ?? ''];
    if (discovered) return respond(response, 200, discovered);
    if (request.method !== 'GET' || kind === undefined) {
      denied.add(`${request.method} ${pathname}`);
      return respond(response, 403, {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason: 'Forbidden',
        code: 403,
      });
    }
    if (!['1', 'true'].includes(searchParams.get('watch') ?? '')) {
      const metadata = { resourceVersion: version() };
      return respond(response, 200, { kind: `${kind}List`, apiVersion: 'v1', metadata, items: objectsOf(kind) });
    }
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    if (searchParams.get('sendInitialEvents') === 'true') {
      for (const object of objectsOf(kind)) send(response, { type: 'ADDED', object });
      const annotations = { 'k8s.io/initial-events-end': 'true' };
      response.write(
        `${JSON.stringify({ type: 'BOOKMARK', object: { kind, apiVersion: 'v1', metadata: { resourceVersion: version(), annotations } } })}\n`,
      );
    } else {
      const since = Number(searchParams.get('resourceVersion'));
      for (const change of changes.filter(({ object }) => object.kind === kind && versionOf(object) > since)) {
        send(response, change);
      }
    }
    const watcher = { kind, response };
    watchers.add(watcher);
    response.on('close', () => watchers.delete(watcher));
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    denied,
    async untilWatched() {
      const isWatched = (kind: string, times: number) =>
        [...watchers].filter((watcher) => watcher.kind === kind).length >= times;
      while (!isWatched('Event', 1) || !isWatched('Pod', 2)) await sleep(50);
    },
    pods: () => objectsOf('Pod').length,
    change(change) {
      changes.push(change);
      for (const { kind, response } of watchers) {
        if (kind === change.object.kind) send(response, change);
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The API's description of itself, which every account may read. */
const DISCOVERY: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: Object.entries(KINDS).map(([name, kind]) => ({
      name,
      kind,
      namespaced: true,
      verbs: ['get', 'list', 'watch'],
    })),
  },
};

function versionOf({ metadata }: ApiObject): number {
  return Number(metadata.resourceVersion);
}

function respond(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function send(response: ServerResponse, change: Change): void {
  response.write(`${JSON.stringify(change)}\n`);
}
