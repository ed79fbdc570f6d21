import type { ClientAuthFiles } from '../../kubernetes/client-auth';
import { OWN_TENANT } from '../../rules/tenant';
import type { EventLog } from '../event-log';
import type { TenantNamespaces } from '../node-collector';
import type { CollectorPipeline } from '../pipeline/options';
import { type FileLogProps, fileLogReceiver } from './file-log';
import { labelProcessors } from './labels';
import { authenticatorOf, lokiExporter, ownTelemetry } from './loki-exporter';
import { dropProcessor, redactStatements } from './pipeline';

export interface OpenTelemetryConfigProps {
  /** Base URL of Loki. */
  readonly lokiUrl: string;
  /** Folder for read positions and the queue of unsent lines; on the node, so that they survive the pod. */
  readonly positionsPath: string;
  /** The kubelet's folder of pod logs. */
  readonly podLogsPath: string;
  /** Start time, RFC 3339: earlier lines are left to another collector. @default none, all lines are read */
  readonly since?: string;
  /** Namespaces of each tenant. @default none */
  readonly tenants?: TenantNamespaces;
  /** Tenant of all other namespaces. @default 'fake' with `tenants`, otherwise none: requests have no tenant header */
  readonly tenant?: string;
  /** Files with credentials for Loki. @default none */
  readonly auth?: ClientAuthFiles;
  /** Stream of Alertmanager's events. @default none, it records none */
  readonly eventLog?: EventLog;
  /** Changes to log lines before they are sent. @default none */
  readonly pipeline?: CollectorPipeline;
  /** Value of the label `cluster` of all lines. @default no such label */
  readonly cluster?: string;
  /** TCP port of the collector's metrics. */
  readonly httpPort: number;
  /** TCP port of the health check. */
  readonly healthPort: number;
  /** Environment variable with the name of the node. */
  readonly nodeNameVariable: string;
}

/**
 * Puts a line in the queue before its read position is stored. Otherwise the receiver buffers up to 0.1 s of lines,
 * which are lost if the process is killed.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/issues/35456
 */
export const FEATURE_GATES = ['stanza.synchronousLogEmitter'] as const;

/**
 * Size in bytes of the queue on the node's disk. When it is full, further lines stay unread in the log files. Pages of
 * the queue's file that are in use count as memory of the pod.
 */
const QUEUE_SIZE = 64 * 1024 * 1024;

/** Minimum size in bytes of each tenant's share of the queue: a few requests. */
const MIN_QUEUE_SIZE = 8 * 1024 * 1024;

/**
 * Returns the configuration of the OpenTelemetry Collector: sends the logs of all pods on its node to Loki's OTLP
 * endpoint, with the same labels, lines and timestamps as Promtail.
 * @see https://opentelemetry.io/docs/collector/configuration/
 */
export function openTelemetryConfig(props: OpenTelemetryConfigProps) {
  const storage = 'file_storage';
  const pipelines = pipelinesOf(props);
  const authenticator = authenticatorOf(props.auth);
  const drop = dropProcessor(props.pipeline);
  const config = <T>(id: string, make: (pipeline: Pipeline) => T): Record<string, T> =>
    Object.fromEntries(pipelines.map((pipeline) => [id + pipeline.suffix, make(pipeline)]));
  return {
    extensions: {
      health_check: { endpoint: `0.0.0.0:${props.healthPort}` },
      [storage]: {
        directory: props.positionsPath,
        // A power failure may corrupt the file: everything is then read again, and Loki drops the duplicates.
        recreate: true,
        compaction: { directory: props.positionsPath, on_start: true, cleanup_on_start: true },
      },
      ...authenticator,
    },
    receivers: config('file_log', ({ files }) => ({
      ...fileLogReceiver({
        podLogsPath: props.podLogsPath,
        since: props.since,
        multiline: props.pipeline?.multiline,
        eventLog: props.eventLog,
        ...files,
      }),
      storage,
    })),
    processors: {
      ...drop,
      ...labelProcessors({
        nodeNameVariable: props.nodeNameVariable,
        cluster: props.cluster,
        eventLog: props.eventLog,
        statements: redactStatements(props.pipeline),
      }),
    },
    exporters: config('otlp_http', ({ tenant }) =>
      lokiExporter({
        lokiUrl: props.lokiUrl,
        tenant,
        auth: props.auth,
        storage,
        queueSize: Math.max(Math.floor(QUEUE_SIZE / pipelines.length), MIN_QUEUE_SIZE),
      }),
    ),
    service: {
      extensions: ['health_check', storage, ...Object.keys(authenticator)],
      pipelines: config('logs', ({ suffix }) => ({
        receivers: [`file_log${suffix}`],
        processors: [...Object.keys(drop), 'k8s_attributes', 'transform'],
        exporters: [`otlp_http${suffix}`],
      })),
      telemetry: ownTelemetry(props.httpPort),
    },
  };
}

/** A pipeline from log files to Loki. */
interface Pipeline {
  /** Suffix of its component names. */
  readonly suffix: string;
  /** Tenant of its requests. @default none */
  readonly tenant?: string;
  readonly files: Pick<FileLogProps, 'namespaces' | 'except'>;
}

/** Returns one pipeline per tenant, with files selected by the namespace in their path, and one for all other files. */
function pipelinesOf({ tenants, tenant: own }: OpenTelemetryConfigProps): Pipeline[] {
  if (tenants === undefined) return [{ suffix: '', tenant: own, files: {} }];
  return [
    { suffix: '', tenant: own ?? OWN_TENANT, files: { except: Object.values(tenants).flat() } },
    ...Object.entries(tenants).map(([tenant, namespaces]) => ({
      suffix: `/${tenant}`,
      tenant,
      files: { namespaces },
    })),
  ];
}
