import { images } from '../images';
import { checksumAnnotation } from '../kubernetes/checksum';
import { Component } from '../kubernetes/component';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { httpProbe, podSpec } from '../kubernetes/pod';
import { statefulSet } from '../kubernetes/stateful-set';
import type { AlertmanagerConfig } from './config';
import { SLACK_TEMPLATE, WEBHOOK_KEY, WEBHOOK_PATH } from './slack';
import { TEMPLATES_PATH } from './stack-config';
import { toYaml } from './write';

export interface AlertmanagerProps {
  /** Routes, receivers and templates. */
  readonly config: AlertmanagerConfig;
  /** Base URL as people open it, for links in messages. */
  readonly externalUrl: string;
  /** Secret with Slack's webhook URL, mounted as a file. @default none */
  readonly webhookSecret?: string;
  /** Storage class of the volume claim. @default the cluster's default class */
  readonly storageClassName?: string;
}

const DATA_PATH = '/alertmanager';

/** User `nobody` of the upstream image. */
const USER = 65534;

/** Resident 34 MiB; it holds only the alerts that fire and the silences. CPU: 1m. */
const RESOURCES = { cpu: '20m', memory: '64Mi', memoryLimit: '128Mi' };

/** Silences and the notification log: kilobytes. Most storage classes give no less than this. */
const STORAGE = '100Mi';

/**
 * One Alertmanager: a StatefulSet whose silences and notification log survive the pod.
 */
export class Alertmanager extends Component {
  constructor(chart: NamespacedChart, props: AlertmanagerProps) {
    super(chart, 'alertmanager', 'alert-router', { http: 9093 });
    const data = { 'alertmanager.yml': toYaml(props.config), [SLACK_TEMPLATE.file]: SLACK_TEMPLATE.text };
    const configMap = this.configMap('config', data);
    const webhook = props.webhookSecret && {
      name: 'slack-webhook',
      secret: { secretName: props.webhookSecret, items: [{ key: WEBHOOK_KEY, path: WEBHOOK_KEY }] },
    };
    this.service();
    statefulSet(this, 'stateful-set', {
      metadata: this.workloadMetadata({
        'statefulset-has-servicename': 'its one pod is reached by the Service as well; a headless one serves replicas',
      }),
      spec: {
        ...this.workload(),
        serviceName: this.name,
        replicas: 1,
        template: {
          // Alertmanager does not watch its files; the Secret is read at every notification and needs no restart.
          metadata: this.podMetadata(checksumAnnotation(data)),
          spec: podSpec({
            user: USER,
            container: {
              name: this.name,
              image: images.alertmanager,
              args: [
                `--config.file=${TEMPLATES_PATH}/alertmanager.yml`,
                `--storage.path=${DATA_PATH}`,
                `--web.external-url=${props.externalUrl}`,
                // An empty address turns the gossip between several Alertmanagers off; it would wait for them.
                '--cluster.listen-address=',
                '--log.level=warn',
              ],
              ports: this.ports,
              resources: RESOURCES,
              readinessProbe: httpProbe('/-/ready', 'http', { periodSeconds: 5 }),
              livenessProbe: httpProbe('/-/healthy', 'http', { periodSeconds: 20, failureThreshold: 6 }),
              writable: { [DATA_PATH]: 'data' },
              readOnly: { [TEMPLATES_PATH]: 'config', ...(webhook ? { [WEBHOOK_PATH]: webhook.name } : {}) },
            },
            volumes: [{ name: 'config', configMap: { name: configMap.name } }, ...(webhook ? [webhook] : [])],
          }),
        },
      },
      claim: { storage: STORAGE, storageClassName: props.storageClassName },
    });
  }
}
