import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Fields of a pod that collectors use. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly {
      readonly apiVersion: string;
      readonly kind: string;
      readonly name: string;
      readonly uid: string;
      readonly controller?: boolean;
    }[];
  };
  readonly spec: {
    readonly nodeName: string;
    readonly containers: readonly { readonly name: string; readonly image: string }[];
    readonly initContainers?: readonly { readonly name: string; readonly image: string }[];
  };
  readonly status: { readonly podIP: string };
}

export interface KubernetesApi {
  readonly url: string;
  /** Distinct requests, with their field selectors. */
  readonly requests: ReadonlySet<string>;
  /** Adds a pod and notifies watchers. */
  add(pod: Pod): void;
  close(): Promise<void>;
}

/**
 * Starts a Kubernetes API with pods, as far as collectors use it: list and watch, selected by node. Like the real one
 * with the collector's ClusterRole, it denies all other requests. It replaces a cluster; the collectors are real.
 */
export async function startKubernetesApi(initial: readonly Pod[]): Promise<KubernetesApi> {
  const pods = [...initial];
  const requests = new Set<string>();
  const watchers = new Set<{ node: string | undefined; response: ServerResponse }>();

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const fields = searchParams.get('fieldSelector') ?? '';
    requests.add(`${request.method} ${pathname}${fields && ` where ${fields}`}`);
    if (request.method !== 'GET' || pathname !== '/api/v1/pods') {
      respond(response, 403, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403 });
      return;
    }
    const node = /^spec\.nodeName=(.+)$/.exec(fields)?.[1];
    const chosen = pods.filter((pod) => node === undefined || pod.spec.nodeName === node);
    if (!['1', 'true'].includes(searchParams.get('watch') ?? '')) {
      respond(response, 200, { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: chosen });
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    if (searchParams.get('sendInitialEvents') === 'true') {
      for (const pod of chosen) send(response, 'ADDED', object(pod));
      send(response, 'BOOKMARK', {
        kind: 'Pod',
        apiVersion: 'v1',
        metadata: { resourceVersion: '1', annotations: { 'k8s.io/initial-events-end': 'true' } },
      });
    }
    const watcher = { node, response };
    watchers.add(watcher);
    response.on('close', () => watchers.delete(watcher));
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    add(pod) {
      pods.push(pod);
      for (const { node, response } of watchers) {
        if (node === undefined || node === pod.spec.nodeName) send(response, 'ADDED', object(pod));
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Returns the content of a kubeconfig file. */
export function kubeconfig(url: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server: url } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    users: [{ name: 'test', user: {} }],
  };
}

function object(pod: Pod): object {
  return { kind: 'Pod', apiVersion: 'v1', ...pod, metadata: { resourceVersion: '2', ...pod.metadata } };
}

function respond(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function send(response: ServerResponse, type: string, what: object): void {
  response.write(`${JSON.stringify({ type, object: what })}\n`);
}
