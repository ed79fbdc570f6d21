import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type RunningServer, startMinio } from '../../lib/engines';
import { LOOPBACK } from '../../lib/engines/ports';
import { configData, type Manifest } from '../../lib/kubernetes-objects/dist';
import { LOKI_TARGETS, type LokiTargetName } from '../../lib/loki/targets';
import { containers, workloads } from '../manifests/kubernetes';
import { lastingPorts } from '../support/lasting-ports';
import type { RunningPod } from '../support/pod/pod';
import { startLokiPod } from '../support/pod/programs';
import { retryIfPortTaken } from '../support/taken-port';

/** A process that can be killed and restarted. */
export interface Member {
  /** Current process, which `restart` replaces. */
  engine: RunningServer;
  /** Sends SIGKILL. */
  kill(): Promise<void>;
  /** Starts the process again with the same disk. */
  restart(): Promise<void>;
}

/** A process of a distributed Loki. */
export interface LokiMember extends Member {
  readonly engine: RunningPod;
  readonly target: LokiTargetName;
  /** Name, as of a pod. */
  readonly name: string;
}

export interface DistributedStage {
  readonly minio: Member;
  readonly members: readonly LokiMember[];
  of(target: LokiTargetName): LokiMember[];
  stop(): Promise<void>;
}

/** Number of processes per target: two rulers, so that one can take over the rules of the other. */
export const MEMBERS: readonly LokiTargetName[] = [
  'ingester',
  'ingester',
  'ingester',
  'distributor',
  'query-scheduler',
  'query-frontend',
  'querier',
  'index-gateway',
  'compactor',
  'ruler',
  'ruler',
];

/**
 * Settings of ingesters that flush and retry after seconds instead of two hours, so that some flushes are always
 * pending while object storage is down. A part of `DistributedStageOptions`.
 */
export const FAST_FLUSHES = {
  max_chunk_age: '20s',
  chunk_idle_period: '10s',
  flush_check_period: '2s',
  flush_op_timeout: '10s',
  flush_op_backoff: { min_period: '1s', max_period: '5s', max_retries: 3 },
};

const USER = 'tester';
const PASSWORD = 'tester-password';

/**
 * Time until a process is ready, milliseconds: ten others compete for the cores, and an ingester waits 15 s by default.
 */
const READY_TIMEOUT_MS = 120_000;

export interface DistributedStageOptions {
  /** Processes. @default MEMBERS */
  readonly members?: readonly LokiTargetName[];
  /** Base URLs that the rulers send alerts to. @default none */
  readonly alertmanagerUrls?: readonly string[];
  /** Additional settings of ingesters. @default none */
  readonly ingester?: object;
  /** Changes the configuration of all processes, e.g. intervals. @default none */
  // biome-ignore lint/suspicious/noExplicitAny: a configuration parsed from YAML.
  readonly tweak?: (config: any) => void;
  /** Zones of the ingesters, in turn, for manifests with zones. @default none */
  readonly zones?: readonly string[];
}

interface Ports {
  readonly http: number;
  readonly grpc: number;
  readonly gossip: number;
}

/**
 * Runs the targets of a distributed Loki as in the manifests, with MinIO as object storage. Only addresses, ports and
 * instance names differ from the cluster.
 */
export function startDistributed(
  manifests: readonly Manifest[],
  options: DistributedStageOptions = {},
): Promise<DistributedStage> {
  return retryIfPortTaken(() => startOnce(manifests, options));
}

async function startOnce(manifests: readonly Manifest[], options: DistributedStageOptions): Promise<DistributedStage> {
  const { members: names = MEMBERS, alertmanagerUrls = [], ingester = {}, zones = [], tweak } = options;
  const config = parse(configData(manifests, 'loki-config')['config.yaml'] ?? '');
  const { bucket_name: bucket } = config.storage_config.object_store.s3;
  // All ports at once: a starting process must not get the ports of another.
  const [minioPort = 0, ...numbers] = await lastingPorts(1 + 3 * names.length);
  const ports = names.map((_, i): Ports => {
    const [http = 0, grpc = 0, gossip = 0] = numbers.slice(3 * i, 3 * i + 3);
    return { http, grpc, gossip };
  });
  const grpcOf = (target: LokiTargetName) => `${LOOPBACK}:${ports[names.indexOf(target)]?.grpc}`;
  const root = mkdtempSync(join(tmpdir(), 'distributed-loki-'));
  const running: (() => Promise<void>)[] = [async () => rmSync(root, { recursive: true, force: true })];
  const stop = async () => {
    const [removeRoot, ...engines] = running.splice(0);
    await Promise.all(engines.map((end) => end()));
    await removeRoot?.();
  };
  try {
    const minio = await startMember(() =>
      startMinio(({ dir }) => ({ version: 'v1', rootUser: USER, rootPassword: PASSWORD, pools: [[`${dir}/data`]] }), {
        dir: join(root, 'minio'),
        port: minioPort,
        // A directory of the disk is a bucket.
        files: { [`data/${bucket}/.keep`]: '' },
      }),
    );
    running.push(() => minio.engine.stop());

    const addresses = {
      [config.common.compactor_grpc_address]: grpcOf('compactor'),
      [config.frontend.scheduler_address]: grpcOf('query-scheduler'),
      [config.storage_config.tsdb_shipper.index_gateway_client.server_address]: grpcOf('index-gateway'),
      [config.storage_config.object_store.s3.endpoint]: new URL(minio.engine.url).host,
      [config.ruler.alertmanager_url]: alertmanagerUrls.join(','),
    };

    const member = async (target: LokiTargetName, i: number): Promise<LokiMember> => {
      const name = `${target}-${i - names.indexOf(target)}`;
      const own = ports[i] ?? { http: 0, grpc: 0, gossip: 0 };
      const zone = target === 'ingester' ? zones[i % zones.length] : undefined;
      const engine = await startLokiPod(manifests, {
        workload: { kind: LOKI_TARGETS[target].kind, name: `loki-${target}${zone ? `-${zone}` : ''}` },
        fields: { 'status.podIP': LOOPBACK },
        secrets: secretsOf(manifests),
        ports: { ...own },
        addresses,
        tweak: (changed) => {
          changed.common.ring.instance_id = name;
          Object.assign(changed.ingester, ingester);
          Object.assign(changed.memberlist, {
            bind_addr: [LOOPBACK],
            bind_port: own.gossip,
            advertise_port: own.gossip,
            // The addresses of the Service: a restarted process finds the others even if it is the first.
            join_members: ports.map(({ gossip }) => `${LOOPBACK}:${gossip}`),
          });
          changed.storage_config.object_store.s3.insecure = true;
          tweak?.(changed);
        },
        readyTimeoutMs: READY_TIMEOUT_MS,
      });
      running.push(() => engine.stop());
      return { engine, target, name, kill: () => engine.kill(), restart: () => engine.restart() };
    };
    const started = await Promise.allSettled(names.map(member));
    const failed = started.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    const members = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    return { minio, members, of: (target) => members.filter((each) => each.target === target), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Name and password of MinIO by the key of the Secret. */
function secretsOf(manifests: readonly Manifest[]): Record<string, Record<string, string>> {
  const refs = workloads(manifests as never).flatMap((workload) =>
    containers(workload).flatMap(({ env = [] }) =>
      env.flatMap(({ name, valueFrom }) =>
        valueFrom?.secretKeyRef ? [{ name, ...{ ref: valueFrom.secretKeyRef } }] : [],
      ),
    ),
  );
  const secrets: Record<string, Record<string, string>> = {};
  for (const { name, ref } of refs) {
    secrets[ref.name] = { ...secrets[ref.name], [ref.key]: name === 'AWS_ACCESS_KEY_ID' ? USER : PASSWORD };
  }
  return secrets;
}

async function startMember(start: () => Promise<RunningServer>): Promise<Member> {
  const member: Member = {
    engine: await start(),
    async kill() {
      process.kill(-member.engine.pid, 'SIGKILL');
      await member.engine.exited;
    },
    async restart() {
      member.engine = await start();
    },
  };
  return member;
}
