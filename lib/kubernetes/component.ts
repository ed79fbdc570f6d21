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

/** Number of old ReplicaSets or ControllerRevisions for `kubectl rollout undo`; Git has older revisions. */
export const REVISION_HISTORY_LIMIT = 3;

/** A program of the stack, whose objects share a name, labels and ports. */
export abstract class Component extends Construct {
  readonly namespace: string;
  readonly selector: SelectorLabels;
  /** Metadata of its objects: name and labels. */
  readonly metadata: k8s.ObjectMeta;
  private readonly podDefaults: PodDefaults;
  private readonly podOptions: PodOptions;

  protected constructor(
    chart: NamespacedChart,
    /** Name of its objects, and the value of `app.kubernetes.io/name`. */
    readonly name: string,
    component: string,
    /** Ports that the pods listen on, number by name. */
    readonly ports: Readonly<Record<string, number>>,
    /** Key of its pods in the option `pods`. */
    private readonly podsName: string = name,
  ) {
    super(chart, name);
    this.namespace = chart.namespace;
    this.podDefaults = chart.podDefaults;
    this.podOptions = chart.podDefaults.pods?.[podsName] ?? {};
    this.selector = selectorLabels(name);
    this.metadata = { name, labels: labels(name, component) };
  }

  /** Returns the base URL of the Service within the cluster. */
  url(port: string): string {
    return `http://${this.address(port)}`;
  }

  /** Returns the address of the Service within the cluster, `host:port`. */
  address(port: string): string {
    return `${serviceHost(this.name, this.namespace)}:${this.ports[port]}`;
  }

  /**
   * Creates a ConfigMap named after the component.
   * @param further labels in addition to those of the component
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
   * Creates a Service with all ports of the pods.
   * @param options.headless true for a headless Service @default false
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

  /** Returns the spec of a hardened pod, with the defaults of the chart and the options of this component. */
  protected podSpec(props: PodProps): k8s.PodSpec {
    this.node.addValidation({ validate: () => this.checkEphemeralStorage(props).map(formatFinding) });
    return podSpec(props, this.podDefaults, this.podOptions);
  }

  /** Checks that the limit is not smaller than the emptyDirs: the kubelet would evict the pod before they are full. */
  private checkEphemeralStorage({ volumes }: PodProps): Finding[] {
    const { ephemeralStorage } = this.podOptions.resources ?? {};
    const capacity = emptyDirBytes(volumes);
    if (ephemeralStorage === undefined || quantityValue(ephemeralStorage) >= capacity) return [];
    const part = ['resources', 'ephemeralStorage'];
    return [
      finding('option', {
        path: ['pods', this.podsName, ...part],
        subject: `option 'pods.${[this.podsName, ...part].join('.')}'`,
        problem: `is ${ephemeralStorage}, less than the ${byteQuantity(capacity)} of the pod's emptyDir volumes`,
        fix: 'raise it',
      }),
    ];
  }

  /** Returns the resources of the component with its options, for limits that depend on them. */
  protected resources(own: Resources): Resources {
    return withOptions(own, this.podOptions);
  }

  /** Returns the metadata of the pods: the component's labels, and annotations whose changes roll out the pods. */
  protected podMetadata(annotations?: Record<string, string>): k8s.ObjectMeta {
    const { podLabels, podAnnotations } = this.podOptions;
    return {
      labels: { ...podLabels, ...this.metadata.labels },
      annotations: podAnnotations ? { ...podAnnotations, ...annotations } : annotations,
    };
  }

  /**
   * Returns the metadata of a workload of any kind.
   * @param image default image of its pods
   */
  protected workloadMetadata(image: string, waivers: Waivers = {}): k8s.ObjectMeta {
    const { imageReference = (name) => name } = this.podDefaults;
    return {
      ...this.metadata,
      labels: { ...this.metadata.labels, ...versionLabel(imageReference(image)) },
      annotations: waiverAnnotations(waivers),
    };
  }

  /** Returns the fields that the specs of all workloads share. */
  protected workload(): { selector: k8s.LabelSelector; revisionHistoryLimit: number } {
    return { selector: { matchLabels: { ...this.selector } }, revisionHistoryLimit: REVISION_HISTORY_LIMIT };
  }
}
