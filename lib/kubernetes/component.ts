import { type ApiObject, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { type Finding, finding, formatFinding } from '../checks/findings';
import { createObject } from './create-object';
import { findObject } from './find-object';
import { labels, type SelectorLabels, selectorLabels, versionLabel } from './labels';
import { podDefaultsOf } from './namespaced-chart';
import { emptyDirBytes, type PodDefaults, type PodProps, podSpec } from './pod';
import { type PodOptions, withOptions } from './pod-options';
import { byteQuantity, quantityValue } from './quantity';
import type { Resources } from './resources';
import { serviceHost } from './service-host';
import { type Waivers, waiverAnnotations } from './waivers';

/** Number of old ReplicaSets or ControllerRevisions for `kubectl rollout undo`; Git has older revisions. */
export const REVISION_HISTORY_LIMIT = 3;

/** Place of a component in a chart. */
export interface Placement {
  /** Id of the construct. @default the name of the component */
  readonly id?: string;
  /** Settings of its pods. @default those of the `NamespacedChart` that it is in */
  readonly podDefaults?: PodDefaults;
}

/**
 * A program, whose objects share a name, labels and ports. `ApiObject.of` returns its workload, `object` any of its
 * objects, also those that `LogAlerting` adds, such as its NetworkPolicy.
 *
 * @example
 * import { ApiObject, App, JsonPatch } from 'cdk8s';
 *
 * const chart = new NamespacedChart(new App(), 'log-collector', { podSecurity: 'privileged' });
 * const collector: Component = new OpenTelemetryCollector(chart, 'collector', { lokiUrl: 'http://loki.loki.svc:3100' });
 * ApiObject.of(collector).addJsonPatch(JsonPatch.add('/spec/updateStrategy', { type: 'OnDelete' }));
 * collector.object('ConfigMap').metadata.addAnnotation('example.com/owner', 'platform');
 * console.log(collector.name, collector.namespace, collector.ports);
 */
export abstract class Component extends Construct {
  /** Namespace of its objects. */
  readonly namespace: string;
  /** Labels that select its pods. */
  readonly selector: SelectorLabels;
  /** Name and labels of its objects. */
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  private readonly podDefaults: PodDefaults;
  private readonly podOptions: PodOptions;
  private readonly podsName: string;

  protected constructor(
    scope: Construct,
    /** Name of its objects, and the value of `app.kubernetes.io/name`. */
    readonly name: string,
    component: string,
    /** Ports that the pods listen on, number by name. */
    readonly ports: Readonly<Record<string, number>>,
    /** `podsName` is the key of its pods in the option `pods`. */
    { id = name, podDefaults, podsName = name }: Placement & { readonly podsName?: string } = {},
  ) {
    super(scope, id);
    const chart = Chart.of(this);
    this.namespace = chart.namespace ?? '';
    this.podsName = podsName;
    this.podDefaults = podDefaults ?? podDefaultsOf(chart);
    this.podOptions = this.podDefaults.pods?.[podsName] ?? {};
    this.selector = selectorLabels(name);
    this.metadata = { name, labels: labels(name, component) };
    this.node.addValidation({ validate: () => this.checkPlace().map(formatFinding) });
  }

  /**
   * Returns an object of the component, to be patched, referenced or depended on.
   *
   * @param kind e.g. `NetworkPolicy`
   * @param name required if there are several objects of the kind
   * @throws Error if there is no such object, or several; with the findings on invalid options, if there are any
   */
  object(kind: string, name?: string): ApiObject {
    return findObject(this, [this], { kind, name });
  }

  /** Returns the base URL of the Service within the cluster, e.g. `http://grafana.logging.svc:3000`. */
  url(port: string): string {
    return `http://${this.address(port)}`;
  }

  /** Returns the address of the Service within the cluster, `host:port`. */
  address(port: string): string {
    return `${serviceHost(this.name, this.namespace)}:${this.ports[port]}`;
  }

  /**
   * Reports a chart without a namespace, whose components have no addresses, and a component of the same name in the
   * namespace, whose objects would replace the others.
   */
  private checkPlace(): Finding[] {
    const chart = Chart.of(this);
    const subject = `chart '${chart.node.id}'`;
    const all = this.node.root.node.findAll().filter((each) => each instanceof Component);
    if (this.namespace === '') {
      // Once per chart.
      if (all.find((each) => Chart.of(each) === chart) !== this) return [];
      const problem = 'has no namespace, so its programs have no addresses';
      return [finding('option', { subject, problem, fix: 'set new Chart(app, id, { namespace })' })];
    }
    const [first, second] = all.filter(({ name, namespace }) => name === this.name && namespace === this.namespace);
    if (second === undefined || first !== this) return [];
    const problem = `namespace '${this.namespace}' has two constructs with objects of the name '${this.name}'`;
    return [finding('option', { subject, problem, fix: `use different namespaces: also see '${second.node.path}'` })];
  }

  /**
   * Creates a ConfigMap named after the component.
   * @param further labels in addition to those of the component
   * @internal
   */
  protected configMap(
    suffix: string,
    data: Record<string, string>,
    further: Readonly<Record<string, string>> = {},
  ): ApiObject {
    const labels = { ...this.metadata.labels, ...further };
    return createObject(this, suffix, k8s.KubeConfigMap, {
      metadata: { name: `${this.name}-${suffix}`, labels },
      data,
    });
  }

  /**
   * Creates a Service with all ports of the pods.
   * @param options.headless true for a headless Service @default false
   * @internal
   */
  protected service(options: { readonly headless?: boolean } = {}): ApiObject {
    return createObject(this, 'service', k8s.KubeService, {
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

  /**
   * Returns the spec of a hardened pod, with the defaults of the chart and the options of this component.
   * @internal
   */
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

  /**
   * Returns the resources of the component with its options, for limits that depend on them.
   * @internal
   */
  protected resources(own: Resources): Resources {
    return withOptions(own, this.podOptions);
  }

  /**
   * Returns the metadata of the pods: the component's labels, and annotations whose changes roll out the pods.
   * @internal
   */
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
   * @internal
   */
  protected workloadMetadata(image: string, waivers: Waivers = {}): k8s.ObjectMeta {
    const { imageReference = (name) => name } = this.podDefaults;
    return {
      ...this.metadata,
      labels: { ...this.metadata.labels, ...versionLabel(imageReference(image)) },
      annotations: waiverAnnotations(waivers),
    };
  }

  /**
   * Returns the fields that the specs of all workloads share.
   * @internal
   */
  protected workload(): { selector: k8s.LabelSelector; revisionHistoryLimit: number } {
    return { selector: { matchLabels: { ...this.selector } }, revisionHistoryLimit: REVISION_HISTORY_LIMIT };
  }
}
