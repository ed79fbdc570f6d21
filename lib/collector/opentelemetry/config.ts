import { OWN_TENANT } from '../../rules/tenant';
import { BATCH_SIZE, LARGEST_BATCH } from '../batch';
import type { TenantNamespaces } from '../node-collector';
import { type FileLogProps, fileLogReceiver } from './file-log';
import { labelProcessors } from './labels';

export interface OpenTelemetryConfigProps {
  /** Base URL of Loki. */
  readonly lokiUrl: string;
  /** Folder that keeps what was read, and what is read but not yet sent; on the node, so that it survives the pod. */
  readonly positionsPath: string;
  /** The kubelet's folder of pod logs. */
  readonly podLogsPath: string;
  /** Time before which lines are left to another collector, RFC 3339. @default every line of the files is read */
  readonly since?: string;
  /** Namespaces of each tenant. @default requests name no tenant */
  readonly tenants?: TenantNamespaces;
  /** TCP port of the collector's own metrics. */
  readonly httpPort: number;
  /** TCP port that answers 200 as soon as the collector works. */
  readonly healthPort: number;
  /** Environment variable that holds the name of the node. */
  readonly nodeNameVariable: string;
}

/**
 * Hands a line to the queue before the position in its file moves on. Otherwise the receiver holds up to a tenth of a
 * second of lines that are lost when the process is killed.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/issues/35456
 */
export const FEATURE_GATES = ['stanza.synchronousLogEmitter'] as const;

/**
 * Bytes that are read from the log files and wait on the node's disk for Loki; more stays unread in the files. The disk's
 * pages count as the pod's memory while they are used.
 */
const QUEUE_SIZE = 64 * 1024 * 1024;

/** What each tenant's queue has at least, when they share that: a few requests. */
const LEAST_QUEUE_SIZE = 8 * 1024 * 1024;

/**
 * OpenTelemetry Collector 0.165: the logs of all pods of its node to Loki's OTLP endpoint, with the same labels, lines
 * and times as Promtail.
 * @see https://opentelemetry.io/docs/collector/configuration/
 */
export function openTelemetryConfig(props: OpenTelemetryConfigProps) {
  const storage = 'file_storage';
  const pipelines = pipelinesOf(props);
  const config = <T>(id: string, make: (pipeline: Pipeline) => T): Record<string, T> =>
    Object.fromEntries(pipelines.map((pipeline) => [id + pipeline.suffix, make(pipeline)]));
  return {
    extensions: {
      health_check: { endpoint: `0.0.0.0:${props.healthPort}` },
      [storage]: {
        directory: props.positionsPath,
        // A node that loses power may leave it broken: everything is then read anew, and Loki drops what it has.
        recreate: true,
        compaction: { directory: props.positionsPath, on_start: true, cleanup_on_start: true },
      },
    },
    receivers: config('file_log', ({ files }) => ({
      ...fileLogReceiver({ podLogsPath: props.podLogsPath, since: props.since, ...files }),
      storage,
    })),
    processors: labelProcessors(props.nodeNameVariable),
    exporters: config('otlp_http', ({ tenant }) => ({
      endpoint: `${props.lokiUrl}/otlp`,
      ...(tenant ? { headers: { 'X-Scope-OrgID': tenant } } : {}),
      // Promtail's hour: Loki may be away longer than a restart takes. What is then given up is said in the log.
      retry_on_failure: { initial_interval: '500ms', max_interval: '1m', max_elapsed_time: '1h' },
      sending_queue: {
        storage,
        sizer: 'bytes',
        queue_size: Math.max(Math.floor(QUEUE_SIZE / pipelines.length), LEAST_QUEUE_SIZE),
        // A full queue stops the reading of files, and drops nothing.
        block_on_overflow: true,
        // One after the other, in the order of the files: Loki refuses lines much older than the newest of a stream.
        num_consumers: 1,
        batch: { flush_timeout: '1s', min_size: BATCH_SIZE, max_size: LARGEST_BATCH },
      },
    })),
    service: {
      extensions: ['health_check', storage],
      pipelines: config('logs', ({ suffix }) => ({
        receivers: [`file_log${suffix}`],
        processors: ['k8s_attributes', 'transform'],
        exporters: [`otlp_http${suffix}`],
      })),
      telemetry: {
        // At info it tells of each file, and would send those lines to Loki too.
        logs: { level: 'warn', encoding: 'json' },
        metrics: {
          readers: [{ pull: { exporter: { prometheus: { host: '0.0.0.0', port: props.httpPort } } } }],
        },
      },
    },
  };
}

/** One way from files to Loki. */
interface Pipeline {
  /** What the names of its parts end in. */
  readonly suffix: string;
  /** In whose name it sends. */
  readonly tenant?: string;
  readonly files: Pick<FileLogProps, 'namespaces' | 'except'>;
}

/** One for each tenant, whose files are told by the namespace in their path, and one for all the others. */
function pipelinesOf({ tenants }: OpenTelemetryConfigProps): Pipeline[] {
  if (tenants === undefined) return [{ suffix: '', files: {} }];
  return [
    { suffix: '', tenant: OWN_TENANT, files: { except: Object.values(tenants).flat() } },
    ...Object.entries(tenants).map(([tenant, namespaces]) => ({
      suffix: `/${tenant}`,
      tenant,
      files: { namespaces },
    })),
  ];
}
