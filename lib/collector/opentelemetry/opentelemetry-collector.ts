import { stringify } from 'yaml';
import type { NamespacedChart } from '../../kubernetes/namespaced-chart';
import { httpProbe } from '../../kubernetes/pod';
import { images } from '../../versions/images';
import { POD_LOGS_PATH } from '../host-folders';
import { type CollectorProps, NodeCollector } from '../node-collector';
import { FEATURE_GATES, openTelemetryConfig } from './config';

/** The collector's own default for its metrics, and that of its health check. */
const PORTS = { http: 8888, health: 13133 };
const CONFIG_PATH = '/etc/otelcol';
/** On the node's disk and not in memory: what waits for Loki lies there too. */
const POSITIONS_PATH = '/var/lib/otelcol';
const NODE_NAME = 'NODE_NAME';

/**
 * Resident 63 MiB with 40 files, 87 MiB at 58,000 lines/s; 331 MiB, a third of it the queue's file, when it finds 600 MB of
 * lines of 15 kB in 100 files. CPU: 11m idle, a second for 50,000 lines.
 */
export const OPEN_TELEMETRY_RESOURCES = { cpu: '50m', memory: '128Mi', memoryLimit: '384Mi' };

/**
 * Half of its memory is Go's: the other holds what it has mapped of the queue's file, which Go does not see. With those 100
 * files, Go's part at 200 MiB of 384, it took 331 MiB; without it, 100 MiB more.
 */
const GO_MEMORY_SHARE = 0.5;

/**
 * The OpenTelemetry Collector on every node: reads the log files of all pods and sends them to Loki's OTLP endpoint. Its
 * name says what it is for: many a cluster has another `otel-collector`, whose errors are not the log pipeline's.
 */
export class OpenTelemetryCollector extends NodeCollector {
  constructor(chart: NamespacedChart, props: CollectorProps) {
    super(chart, 'otel-log-collector', PORTS);
    const config = openTelemetryConfig({
      lokiUrl: props.lokiUrl,
      positionsPath: POSITIONS_PATH,
      podLogsPath: POD_LOGS_PATH,
      since: props.since,
      tenants: props.tenants,
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
      resources: OPEN_TELEMETRY_RESOURCES,
      // Ready means that it knows the pods of its node.
      readinessProbe: httpProbe('/', 'health', { periodSeconds: 5 }),
      alivePort: 'health',
    });
  }
}
