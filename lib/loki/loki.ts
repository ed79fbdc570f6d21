import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { basicAuthEnv } from '../kubernetes/basic-auth';
import { checksumAnnotation } from '../kubernetes/checksum';
import { Component, type Placement } from '../kubernetes/component';
import { httpProbe } from '../kubernetes/pod';
import { quantityValue } from '../kubernetes/quantity';
import { statefulSet } from '../kubernetes/stateful-set';
import { ONE_SERVED, SECRET_ENV } from '../kubernetes/waivers';
import { DEFAULT_EVALUATION_INTERVAL } from '../rules/check-options';
import type { Duration } from '../rules/model';
import { images } from '../versions/images';
import { lokiConfig } from './config';
import {
  CONFIG_PATH,
  DATA_PATH,
  HTTP_PORT,
  LOKI_LIVENESS,
  LOKI_USER,
  RULES_PATH,
  RUNTIME_CONFIG_FILE,
  RUNTIME_CONFIG_PATH,
} from './container';
import { mounted, ruleMounts, runtimeConfigMounts } from './files';
import type { LokiHandle } from './handle';
import type { LokiProps } from './props';
import { TMP } from './tmp';

/** A week, so that incidents of a weekend can be investigated. */
export const DEFAULT_RETENTION: Duration = '168h';

/**
 * Measured: 155 MiB resident under the demo's flood and 250 MiB at 7,000 lines/s; queries over a flood need more. CPU:
 * 9m idle, 14m under the demo's flood; 210m at 1,000 lines/s with the shipped rules every 15 s, of which about 10m are
 * ingestion.
 */
export const LOKI_RESOURCES = { cpu: '150m', memory: '256Mi', memoryLimit: '1Gi' };

/** Loki as one process: a StatefulSet with a volume claim, the ruler enabled, rules from ConfigMaps. */
export class Loki extends Component implements LokiHandle {
  readonly pushUrl: string;
  readonly queryUrl: string;
  readonly components: readonly Component[];

  constructor(scope: Construct, props: LokiProps, placement?: Placement) {
    super(scope, 'loki', 'log-store', { http: HTTP_PORT }, placement);
    this.pushUrl = this.url('http');
    this.queryUrl = this.url('http');
    this.components = [this];

    const { alertmanagerAuthSecret: auth } = props;
    const config = lokiConfig({
      alertmanagerUrl: props.alertmanagerUrl,
      alertmanagerAuth: auth !== undefined,
      grafanaUrl: props.grafanaUrl,
      datasourceUid: props.datasourceUid,
      retention: props.retention ?? DEFAULT_RETENTION,
      limits: props.limits,
      cluster: props.cluster,
      cutLines: props.cutLines,
      evaluationInterval: props.evaluationInterval ?? DEFAULT_EVALUATION_INTERVAL,
      dataPath: DATA_PATH,
      rulesPath: RULES_PATH,
      runtimeConfigFile: props.tenants && `${RUNTIME_CONFIG_PATH}/${RUNTIME_CONFIG_FILE}`,
      httpPort: HTTP_PORT,
      memoryLimit: quantityValue(this.resources(LOKI_RESOURCES).memoryLimit),
    });
    const data = { 'config.yaml': stringify(config) };
    const configMap = this.configMap('config', data);
    const { labels } = this.metadata;
    const mounts = [...ruleMounts(this, props, labels), ...runtimeConfigMounts(this, props, labels)];

    this.service();
    statefulSet(this, 'Resource', {
      metadata: this.workloadMetadata(images.loki, {
        ...ONE_SERVED,
        ...(auth ? SECRET_ENV : {}),
      }),
      spec: {
        ...this.workload(),
        serviceName: this.name,
        replicas: 1,
        template: {
          // Without rules and limits: Loki reloads changed files itself.
          metadata: this.podMetadata(checksumAnnotation(data)),
          spec: this.podSpec({
            user: LOKI_USER,
            container: {
              name: this.name,
              image: images.loki,
              args: [`-config.file=${CONFIG_PATH}/config.yaml`, ...(auth ? ['-config.expand-env=true'] : [])],
              ...(auth ? { env: basicAuthEnv(auth) } : {}),
              ports: this.ports,
              resources: LOKI_RESOURCES,
              go: {},
              readinessProbe: httpProbe('/ready', 'http', { periodSeconds: 5 }),
              livenessProbe: LOKI_LIVENESS,
              writable: { [DATA_PATH]: 'data', ...TMP.mount },
              readOnly: { [CONFIG_PATH]: 'config', ...mounted(mounts) },
            },
            // A shutdown writes data in memory to the write-ahead log, which takes up to a minute on a slow disk.
            terminationGracePeriodSeconds: 120,
            volumes: [
              { name: 'config', configMap: { name: configMap.name } },
              TMP.volume,
              ...mounts.map(({ volume }) => volume),
            ],
          }),
        },
      },
      claim: { storage: props.storage ?? '5Gi', storageClassName: props.storageClassName },
    });
  }
}
