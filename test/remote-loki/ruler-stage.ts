import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { quickLokiConfig, type RunningEngine, startLoki, startMinio } from '../../lib/engines';
import { LOOPBACK } from '../../lib/engines/ports';

/** A multi-tenant Loki whose ruler stores its rules in MinIO, which outlives it. */
export interface RulerStage {
  /** Current process, which `restart` replaces. */
  loki: RunningEngine;
  /** Sends SIGKILL. */
  kill(): void;
  /** Starts another Loki with the same rules, and without logs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const USER = 'tester';
const PASSWORD = 'tester-password';
const BUCKET = 'ruler';

export interface RulerStageOptions {
  /** Further settings of Loki, e.g. limits. @default none */
  readonly limits?: object;
  /** Further settings of the ruler. @default none */
  readonly ruler?: object;
}

export async function startRulerStage({ limits, ruler }: RulerStageOptions = {}): Promise<RulerStage> {
  const minio = await startMinio(
    ({ dir }) => ({ version: 'v1', rootUser: USER, rootPassword: PASSWORD, pools: [[`${dir}/data`]] }),
    // A directory of the disk is a bucket.
    { files: { [`data/${BUCKET}/.keep`]: '' } },
  );
  const start = () =>
    startLoki(({ dir }) => {
      const config = quickLokiConfig({ dir, multiTenant: true }) as { limits_config: object };
      return {
        ...config,
        limits_config: { ...config.limits_config, ...limits },
        ruler: { ...rulerConfig(dir, minio), ...ruler },
      };
    });
  try {
    const stage: RulerStage = {
      loki: await start(),
      kill: () => process.kill(-stage.loki.pid, 'SIGKILL'),
      async restart() {
        await stage.loki.stop();
        stage.loki = await start();
      },
      async stop() {
        await stage.loki.stop();
        await minio.stop();
      },
    };
    return stage;
  } catch (error) {
    await minio.stop();
    throw error;
  }
}

/** Settings of a ruler that polls every second, and evaluates every two. */
function rulerConfig(dir: string, minio: RunningEngine): object {
  return {
    enable_api: true,
    rule_path: `${dir}/scratch`,
    poll_interval: '1s',
    evaluation_interval: '2s',
    ring: { kvstore: { store: 'inmemory' } },
    storage: {
      type: 's3',
      s3: {
        endpoint: new URL(minio.url).host,
        bucketnames: BUCKET,
        access_key_id: USER,
        secret_access_key: PASSWORD,
        insecure: true,
        s3forcepathstyle: true,
      },
    },
  };
}

/** A request as the proxy received it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly tenant?: string;
  readonly authorization?: string;
  readonly body: string;
  readonly atMs: number;
}

/** Answer instead of Loki's; undefined to forward the request; `'hang'` never answers. */
export type Fault = (received: Received) => { status: number; body: string; headers?: object } | 'hang' | undefined;

/** A proxy in front of Loki, which some requests do not pass. */
export interface FaultProxy {
  readonly url: string;
  readonly received: Received[];
  fault: Fault;
  /** Called with each request before it is answered. */
  onRequest: (received: Received) => void;
  stop(): Promise<void>;
}

export async function startProxy(target: string): Promise<FaultProxy> {
  const server = createServer(async (incoming, answer) => {
    const received = await read(incoming);
    proxy.received.push(received);
    proxy.onRequest(received);
    const fault = proxy.fault(received);
    if (fault === 'hang') return;
    if (fault) answer.writeHead(fault.status, { ...fault.headers }).end(fault.body);
    else forward(target, incoming, received, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: FaultProxy = {
    url: `http://${LOOPBACK}:${port}`,
    received: [],
    fault: () => undefined,
    onRequest: () => {},
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

async function read(incoming: IncomingMessage): Promise<Received> {
  let body = '';
  for await (const part of incoming.setEncoding('utf8')) body += part;
  const { method = 'GET', url: path = '/', headers } = incoming;
  const tenant = headers['x-scope-orgid'];
  return { method, path, tenant: tenant?.toString(), authorization: headers.authorization, body, atMs: Date.now() };
}

function forward(target: string, incoming: IncomingMessage, { path, body }: Received, answer: ServerResponse): void {
  const { host: _, 'content-length': __, 'transfer-encoding': ___, ...headers } = incoming.headers;
  const onward = request(target + path, { method: incoming.method, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  onward.end(body);
}
