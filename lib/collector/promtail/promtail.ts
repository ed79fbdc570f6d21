import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { clientAuth } from '../../kubernetes/client-auth';
import type { Placement } from '../../kubernetes/component';
import { httpProbe } from '../../kubernetes/pod';
import { images } from '../../versions/images';
import { POD_LOGS_PATH } from '../host-folders';
import { type CollectorProps, NodeCollector } from '../node-collector';
import { promtailConfig } from './config';

const HTTP_PORT = 3101;
const CONFIG_PATH = '/etc/promtail';
const POSITIONS_PATH = '/run/promtail';
const AUTH_PATH = '/etc/promtail-auth';

/** Resident memory: 91 MiB with the demo's pods, and more with more files. CPU: 10m idle, 24m during the flood. */
export const PROMTAIL_RESOURCES = { cpu: '50m', memory: '128Mi', memoryLimit: '256Mi' };

/**
 * Promtail on every node: reads the log files of all pods and pushes them to Loki.
 */
export class Promtail extends NodeCollector {
  constructor(scope: Construct, props: CollectorProps, placement?: Placement) {
    super(scope, 'promtail', { http: HTTP_PORT }, placement);
    const auth = clientAuth(props.auth, AUTH_PATH);
    const config = promtailConfig({
      lokiUrl: props.lokiUrl,
      positionsPath: POSITIONS_PATH,
      podLogsPath: POD_LOGS_PATH,
      tenants: props.tenants,
      tenant: props.tenant,
      auth: auth.files,
      eventLog: props.eventLog,
      pipeline: props.pipeline,
      cluster: props.cluster,
      journald: props.journald,
      httpPort: HTTP_PORT,
    });
    this.deploy({
      image: images.promtail,
      args: [`-config.file=${CONFIG_PATH}/config.yaml`],
      nodeNameVariable: 'HOSTNAME',
      config: { path: CONFIG_PATH, data: { 'config.yaml': stringify(config) } },
      positionsPath: POSITIONS_PATH,
      host: props.host,
      journald: props.journald,
      auth,
      resources: PROMTAIL_RESOURCES,
      // It is ready once it tails a file.
      readinessProbe: httpProbe('/ready', 'http', { periodSeconds: 5 }),
      livenessPort: 'http',
    });
  }
}
