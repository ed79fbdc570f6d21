import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { clientAuth } from '../../kubernetes/client-auth';
import type { Placement } from '../../kubernetes/component';
import { httpProbe } from '../../kubernetes/pod';
import { images } from '../../versions/images';
import { POD_LOGS_PATH } from '../host-folders';
import { type CollectorProps, NodeCollector } from '../node-collector';
import { FEATURE_GATES, openTelemetryConfig } from './config';

/** Default ports of the collector's metrics and health check. */
const PORTS = { http: 8888, health: 13133 };
const CONFIG_PATH = '/etc/otelcol';
/** On the node's disk, not in memory: it also holds the queue. */
const POSITIONS_PATH = '/var/lib/otelcol';
const AUTH_PATH = '/etc/otelcol-auth';
const NODE_NAME = 'NODE_NAME';

/**
 * Resident memory: 63 MiB with 40 files; 87 MiB at 58,000 lines/s; 331 MiB, a third of it the queue's file, with a
 * backlog of 600 MB in 100 files with lines of 15 kB. CPU: 11m idle, one second for 50,000 lines.
 */
export const OPEN_TELEMETRY_RESOURCES = { cpu: '50m', memory: '128Mi', memoryLimit: '384Mi' };

/**
 * Half of the memory is for Go: the other half is for the memory-mapped file of the queue, which Go does not count.
 * With the backlog above and GOMEMLIMIT at 200 of 384 MiB it used 331 MiB; without the limit, 100 MiB more.
 */
const GO_MEMORY_SHARE = 0.5;

/**
 * The OpenTelemetry Collector on every node: reads the log files of all pods and sends them to Loki's OTLP endpoint. It
 * is not named `otel-collector`, because a cluster may have another collector of that name.
 */
export class OpenTelemetryCollector extends NodeCollector {
  constructor(scope: Construct, props: CollectorProps, placement?: Placement) {
    super(scope, 'otel-log-collector', PORTS, placement);
    const auth = clientAuth(props.auth, AUTH_PATH);
    const config = openTelemetryConfig({
      lokiUrl: props.lokiUrl,
      positionsPath: POSITIONS_PATH,
      podLogsPath: POD_LOGS_PATH,
      since: props.since,
      tenants: props.tenants,
      tenant: props.tenant,
      auth: auth.files,
      eventLog: props.eventLog,
      pipeline: props.pipeline,
      cluster: props.cluster,
      httpPort: PORTS.http,
      healthPort: PORTS.health,
      nodeNameVariable: NODE_NAME,
    });
    this.deploy({
      image: images.openTelemetryCollector,
      args: [`--config=${CONFIG_PATH}/config.yaml`, `--feature-gates=${FEATURE_GATES.join(',')}`],
      nodeNameVariable: NODE_NAME,
      goMemoryShare: GO_MEMORY_SHARE,
      config: { path: CONFIG_PATH, data: { 'config.yaml': stringify(config) } },
      positionsPath: POSITIONS_PATH,
      host: props.host,
      auth,
      resources: OPEN_TELEMETRY_RESOURCES,
      // It is ready once it knows the pods of its node.
      readinessProbe: httpProbe('/', 'health', { periodSeconds: 5 }),
      livenessPort: 'health',
    });
  }
}
