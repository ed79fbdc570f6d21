import type { ClientAuthFiles } from '../../kubernetes/client-auth';
import { BATCH_SIZE, MAX_BATCH_SIZE } from '../batch';

export interface LokiExporterProps {
  /** Base URL of Loki. */
  readonly lokiUrl: string;
  /** Tenant of the requests. @default none */
  readonly tenant?: string;
  /** Files with credentials for Loki. @default none */
  readonly auth?: ClientAuthFiles;
  /** Extension that stores the queue. @default none, it is in memory */
  readonly storage?: string;
  /** Maximum size of the queue in bytes. */
  readonly queueSize: number;
}

/** Returns the exporter to Loki's OTLP endpoint. */
export function lokiExporter({ lokiUrl, tenant, auth, storage, queueSize }: LokiExporterProps) {
  return {
    endpoint: `${lokiUrl}/otlp`,
    ...(tenant ? { headers: { 'X-Scope-OrgID': tenant } } : {}),
    ...(auth?.ca ? { tls: { ca_file: auth.ca } } : {}),
    ...Object.fromEntries(Object.keys(authenticatorOf(auth)).map((name) => ['auth', { authenticator: name }])),
    // One hour, like Promtail: Loki may be down for longer than a restart. The log reports lines that are then
    // dropped.
    retry_on_failure: { initial_interval: '500ms', max_interval: '1m', max_elapsed_time: '1h' },
    sending_queue: {
      ...(storage ? { storage } : {}),
      sizer: 'bytes',
      queue_size: queueSize,
      // A full queue pauses reading and drops nothing.
      block_on_overflow: true,
      // One at a time, in order: Loki rejects lines that are much older than the newest one of their stream.
      num_consumers: 1,
      batch: { flush_timeout: '1s', min_size: BATCH_SIZE, max_size: MAX_BATCH_SIZE },
    },
  };
}

/** Returns the extension that adds credentials to requests, by its name; none without credentials. */
export function authenticatorOf({ username, password, token }: ClientAuthFiles = {}): Record<string, object> {
  if (username) return { basicauth: { client_auth: { username_file: username, password_file: password } } };
  return token ? { bearertokenauth: { filename: token } } : {};
}

/** Returns the settings of the collector's own log and metrics. @param port TCP port of the metrics */
export function ownTelemetry(port: number) {
  return {
    // At info it logs every file, and would send those lines to Loki too.
    logs: { level: 'warn', encoding: 'json' },
    metrics: {
      readers: [{ pull: { exporter: { prometheus: { host: '0.0.0.0', port } } } }],
    },
  };
}
