import { type CollectorProps, NodeCollector, POD_LOGS_PATH } from '../collector/node-collector';
import { images } from '../images';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { httpProbe } from '../kubernetes/pod';
import { alloyConfig } from './config';

/** Alloy's own default. */
const HTTP_PORT = 12345;
const CONFIG_PATH = '/etc/alloy';
const POSITIONS_PATH = '/var/lib/alloy-log-collector';
const NODE_NAME = 'NODE_NAME';

/** Not measured: twice what Promtail needs. */
export const ALLOY_RESOURCES = { cpu: '100m', memory: '256Mi', memoryLimit: '512Mi' };

/**
 * Grafana Alloy on every node, the successor that Grafana names for Promtail. Experimental: `EXPERIMENTAL` says why.
 */
export class Alloy extends NodeCollector {
  constructor(chart: NamespacedChart, props: CollectorProps) {
    super(chart, 'alloy-log-collector', { http: HTTP_PORT });
    const config = alloyConfig({
      lokiUrl: props.lokiUrl,
      podLogsPath: POD_LOGS_PATH,
      nodeNameVariable: NODE_NAME,
    });
    this.deploy({
      image: images.alloy,
      args: [
        'run',
        `${CONFIG_PATH}/config.alloy`,
        `--storage.path=${POSITIONS_PATH}`,
        `--server.http.listen-addr=0.0.0.0:${HTTP_PORT}`,
        '--disable-reporting',
      ],
      nodeNameVariable: NODE_NAME,
      config: { path: CONFIG_PATH, data: { 'config.alloy': config } },
      positionsPath: POSITIONS_PATH,
      resources: ALLOY_RESOURCES,
      readinessProbe: httpProbe('/-/ready', 'http', { periodSeconds: 5 }),
      alivePort: 'http',
    });
  }
}
