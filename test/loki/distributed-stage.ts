import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type RunningEngine, startLoki, startMinio } from '../../lib/engines';
import { LOOPBACK, lastingPorts } from '../../lib/engines/ports';
import type { LokiTargetName } from '../../lib/loki/targets';
import { configData, type Manifest } from '../../lib/story/dist';
import { localLokiFiles, relocate } from '../../lib/story/local-configs';

/** A process that can die and come back. */
export interface Member {
  /** The process; another one after `restart`. */
  engine: RunningEngine;
  /** SIGKILL: no time for anything. */
  kill(): Promise<void>;
  /** Starts it again on the disk that it had. */
  restart(): Promise<void>;
}

/** One process of a distributed Loki. */
export interface LokiMember extends Member {
  readonly target: LokiTargetName;
  /** What a pod's name is in a cluster. */
  readonly name: string;
}

export interface DistributedStage {
  readonly minio: Member;
  readonly members: readonly LokiMember[];
  of(target: LokiTargetName): LokiMember[];
  stop(): Promise<void>;
}

/** How many processes there are of each target: two rulers, so that one can take the other's rules over. */
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
 * Chunks go to object storage after seconds instead of two hours, so that some always want to while it is down; tried
 * again as soon. A part of a `DistributedStageOptions`.
 */
export const IMPATIENT_INGESTER = {
  max_chunk_age: '20s',
  chunk_idle_period: '10s',
  flush_check_period: '2s',
  flush_op_timeout: '10s',
  flush_op_backoff: { min_period: '1s', max_period: '5s', max_retries: 3 },
};

const USER = 'tester';
const PASSWORD = 'tester-password';

/** A process that competes with ten others for the cores is not ready at once; and an ingester waits 15 s by itself. */
const READY_TIMEOUT_MS = 120_000;

export interface DistributedStageOptions {
  /** The processes. @default MEMBERS */
  readonly members?: readonly LokiTargetName[];
  /** Base URLs that the rulers send alerts to. @default none */
  readonly alertmanagerUrls?: readonly string[];
  /** More of the ingesters' section. @default as in the manifests */
  readonly ingester?: object;
  /** Zones that the ingesters lie in, in turn, where the manifests have zones. @default none */
  readonly zones?: readonly string[];
}

interface Ports {
  readonly http: number;
  readonly grpc: number;
  readonly gossip: number;
}

/**
 * Runs the configuration of a distributed Loki that stands in manifests, each target as a process of its own, on MinIO
 * as object storage. Addresses, ports, paths and the names of instances differ from the cluster, nothing else.
 */
export async function startDistributed(
  manifests: readonly Manifest[],
  options: DistributedStageOptions = {},
): Promise<DistributedStage> {
  const { members: names = MEMBERS, alertmanagerUrls = [], ingester = {}, zones = [] } = options;
  const config = parse(configData(manifests, 'loki-config')['config.yaml'] ?? '');
  const { bucket_name: bucket } = config.storage_config.object_store.s3;
  // All at once: those of a process that starts must not be taken for free by one that starts beside it.
  const [minioPort = 0, ...numbers] = await lastingPorts(1 + 3 * names.length);
  const ports = names.map((_, i): Ports => {
    const [http = 0, grpc = 0, gossip = 0] = numbers.slice(3 * i, 3 * i + 3);
    return { http, grpc, gossip };
  });
  const grpcOf = (target: LokiTargetName) => `${LOOPBACK}:${ports[names.indexOf(target)]?.grpc}`;
  // The S3 client reads them from the environment, where a Secret puts them in the cluster.
  process.env.AWS_ACCESS_KEY_ID = USER;
  process.env.AWS_SECRET_ACCESS_KEY = PASSWORD;
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
        // A folder of its disk is a bucket.
        files: { [`data/${bucket}/.keep`]: '' },
      }),
    );
    running.push(() => minio.engine.stop());

    const local = (dir: string, name: string, { gossip }: Ports, zone: string) => {
      const { object_store, ...storage } = config.storage_config;
      const changed = {
        ...config,
        common: { ...config.common, ring: { ...config.common.ring, instance_id: name } },
        ingester: { ...config.ingester, ...ingester },
        memberlist: { ...config.memberlist, bind_addr: [LOOPBACK], bind_port: gossip, advertise_port: gossip },
        storage_config: { ...storage, object_store: { s3: { ...object_store.s3, insecure: true } } },
      };
      return relocate(changed, {
        '/loki': `${dir}/data`,
        '/etc/loki/rules': `${dir}/rules`,
        '${POD_IP}': LOOPBACK,
        '${ZONE}': zone,
        [config.memberlist.join_members[0]]: `${LOOPBACK}:${ports[0]?.gossip}`,
        [config.common.compactor_grpc_address]: grpcOf('compactor'),
        [config.frontend.scheduler_address]: grpcOf('query-scheduler'),
        [config.storage_config.tsdb_shipper.index_gateway_client.server_address]: grpcOf('index-gateway'),
        [config.storage_config.object_store.s3.endpoint]: new URL(minio.engine.url).host,
        [config.ruler.alertmanager_url]: alertmanagerUrls.join(','),
      });
    };

    const member = async (target: LokiTargetName, i: number): Promise<LokiMember> => {
      const name = `${target}-${i - names.indexOf(target)}`;
      const own = ports[i] ?? { http: 0, grpc: 0, gossip: 0 };
      const zone = target === 'ingester' ? (zones[i % zones.length] ?? '') : '';
      const begin = () =>
        startLoki(({ dir }) => local(dir, name, own, zone), {
          dir: join(root, name),
          port: own.http,
          files: { ...(target === 'ruler' ? localLokiFiles(manifests) : {}), 'data/.keep': '' },
          args: [`-target=${target}`, `-server.grpc-listen-port=${own.grpc}`],
          readyTimeoutMs: READY_TIMEOUT_MS,
        });
      const one: LokiMember = Object.assign(await startMember(begin), { target, name });
      running.push(() => one.engine.stop());
      return one;
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

async function startMember(begin: () => Promise<RunningEngine>): Promise<Member> {
  const member: Member = {
    engine: await begin(),
    async kill() {
      process.kill(-member.engine.pid, 'SIGKILL');
      await member.engine.exited;
    },
    async restart() {
      member.engine = await begin();
    },
  };
  return member;
}
