import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { type Finding, finding, formatFinding } from '../checks/findings';
import { labels, type SelectorLabels, selectorLabels, versionLabel } from './labels';
import type { NamespacedChart } from './namespaced-chart';
import { emptyDirBytes, type PodDefaults, type PodProps, podSpec } from './pod';
import { type PodOptions, withOptions } from './pod-options';
import { byteQuantity, quantityValue } from './quantity';
import type { Resources } from './resources';
import { serviceHost } from './service-host';
import { type Waivers, waiverAnnotations } from './waivers';

/** How many old ReplicaSets or ControllerRevisions stay for `kubectl rollout undo`; Git holds the older ones. */
export const REVISION_HISTORY_LIMIT = 3;

/** One program of the stack: its objects share a name, labels and the ports that other programs may connect to. */
export abstract class Component extends Construct {
  readonly namespace: string;
  readonly selector: SelectorLabels;
  /** Name and labels of its objects. */
  readonly metadata: k8s.ObjectMeta;
  private readonly podDefaults: PodDefaults;
  private readonly podOptions: PodOptions;

  protected constructor(
    chart: NamespacedChart,
    /** Name of its objects, and the value of `app.kubernetes.io/name`. */
    readonly name: string,
    component: string,
    /** Port name to number: what the pods listen on. */
    readonly ports: Readonly<Record<string, number>>,
    /** Key of its pods' settings in the options. */
    private readonly podsName: string = name,
  ) {
    super(chart, name);
    this.namespace = chart.namespace;
    this.podDefaults = chart.podDefaults;
    this.podOptions = chart.podDefaults.pods?.[podsName] ?? {};
    this.selector = selectorLabels(name);
    this.metadata = { name, labels: labels(name, component) };
  }

  /** Base URL by which pods of the cluster reach the Service. */
  url(port: string): string {
    return `http://${this.address(port)}`;
  }

  /** The same without the scheme: `host:port`. */
  address(port: string): string {
    return `${serviceHost(this.name, this.namespace)}:${this.ports[port]}`;
  }

  /**
   * A ConfigMap named after the component.
   * @param further labels beside the component's
   */
  protected configMap(
    suffix: string,
    data: Record<string, string>,
    further: Readonly<Record<string, string>> = {},
  ): k8s.KubeConfigMap {
    const labels = { ...this.metadata.labels, ...further };
    return new k8s.KubeConfigMap(this, suffix, { metadata: { name: `${this.name}-${suffix}`, labels }, data });
  }

  /**
   * A Service with a port for each of the pods' ports.
   * @param options.headless whether its name has an address for each pod, instead of one for all of them
   */
  protected service(options: { readonly headless?: boolean } = {}): k8s.KubeService {
    return new k8s.KubeService(this, 'service', {
      metadata: this.metadata,
      spec: {
        ...(options.headless ? { clusterIp: 'None' } : {}),
        selector: { ...this.selector },
        ports: Object.entries(this.ports).map(([name, port]) => ({
          name,
          port,
          targetPort: k8s.IntOrString.fromString(name),
        })),
      },
    });
  }

  /** A pod, hardened, with what the chart's pods have in common and what the options say of this component's. */
  protected podSpec(props: PodProps): k8s.PodSpec {
    this.node.addValidation({ validate: () => this.tooLittleDisk(props).map(formatFinding) });
    return podSpec(props, this.podDefaults, this.podOptions);
  }

  /** Only here is it known what the pod's folders may hold: past its limit, the kubelet evicts it before they are full. */
  private tooLittleDisk({ volumes }: PodProps): Finding[] {
    const { ephemeralStorage } = this.podOptions.resources ?? {};
    const held = emptyDirBytes(volumes);
    if (ephemeralStorage === undefined || quantityValue(ephemeralStorage) >= held) return [];
    const part = ['resources', 'ephemeralStorage'];
    return [
      finding('option', {
        path: ['pods', this.podsName, ...part],
        subject: `option 'pods.${[this.podsName, ...part].join('.')}'`,
        problem: `is ${ephemeralStorage}, less than the ${byteQuantity(held)} that the folders of the pod may hold`,
        fix: 'use more than that',
      }),
    ];
  }

  /** The component's resources with what the options say otherwise: for limits that follow from them. */
  protected resources(own: Resources): Resources {
    return withOptions(own, this.podOptions);
  }

  /** Metadata of the pods: the object's labels, and annotations that roll them out when they change. */
  protected podMetadata(annotations?: Record<string, string>): k8s.ObjectMeta {
    const { podLabels, podAnnotations } = this.podOptions;
    return {
      labels: { ...podLabels, ...this.metadata.labels },
      annotations: podAnnotations ? { ...podAnnotations, ...annotations } : annotations,
    };
  }

  /**
   * Metadata of a workload of any kind.
   * @param image that of its pods, before the options name another
   */
  protected workloadMetadata(image: string, waivers: Waivers = {}): k8s.ObjectMeta {
    const { imageReference = (name) => name } = this.podDefaults;
    return {
      ...this.metadata,
      labels: { ...this.metadata.labels, ...versionLabel(imageReference(image)) },
      annotations: waiverAnnotations(waivers),
    };
  }

  /** Label selector and history that the specs of all workloads share. */
  protected workload(): { selector: k8s.LabelSelector; revisionHistoryLimit: number } {
    return { selector: { matchLabels: { ...this.selector } }, revisionHistoryLimit: REVISION_HISTORY_LIMIT };
  }
}
