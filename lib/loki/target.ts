import { k8s } from 'cdk8s-plus-27';
import { type Autoscaling, autoscale } from '../kubernetes/autoscaling';
import { disruptionBudget, spread, spreadApart } from '../kubernetes/availability';
import { Component } from '../kubernetes/component';
import { INGESTERS_LABEL } from '../kubernetes/labels';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { httpProbe } from '../kubernetes/pod';
import { statefulSet, type VolumeClaim } from '../kubernetes/stateful-set';
import { ONE_POD, SECRET_ENV, SPREAD } from '../kubernetes/waivers';
import { images } from '../versions/images';
import { CONFIG_PATH, DATA_PATH, HTTP_PORT, LOKI_LIVENESS, LOKI_USER } from './container';
import { type Mount, mounted } from './files';
import { LOKI_TARGETS, type LokiTargetName } from './targets';
import { TMP } from './tmp';

/** Value of `app.kubernetes.io/component` of every target, by which they find each other for gossip. */
export const LOG_STORE = 'log-store';

export const GRPC_PORT = 9095;
export const GOSSIP_PORT = 7946;

/**
 * On the pods of all ingesters, those of a zone and those of none: what connects to one must reach the others too, also
 * while they move into zones. On the StatefulSets of zones it is what Grafana's rollout-operator, where it runs, takes for
 * those to update one after the other.
 * @see https://github.com/grafana/rollout-operator#how-it-works
 */
export const INGESTERS = { [INGESTERS_LABEL]: 'loki-ingester' } as const;

/** For targets without a disk: rule files on their way through the ruler, and nothing of the others. */
const SCRATCH = '128Mi';

export interface LokiTargetProps {
  readonly target: LokiTargetName;
  /** How many, or between how many. */
  readonly replicas: number | Autoscaling;
  /** Zone of the cluster that its pods lie in; its name then ends in it. @default any */
  readonly zone?: string;
  /** ConfigMap with `config.yaml`, the same for all targets. */
  readonly configMapName: string;
  /** Annotations that roll the pods out when that changes. */
  readonly podAnnotations: Record<string, string>;
  /** Disk of each pod, for targets that keep one. */
  readonly claim: VolumeClaim;
  /** Environment variables of its own. @default none */
  readonly env?: readonly k8s.EnvVar[];
  /** For targets that use the bucket. @default none */
  readonly credentials?: { readonly env: readonly k8s.EnvVar[]; readonly serviceAccountName?: string };
  /** Further files: limits of tenants, rules. */
  readonly mounts: readonly Mount[];
}

/** Key of a target's pods in the options, those of all zones. */
export const podsName = <Name extends LokiTargetName>(target: Name) => `loki-${target}` as const;

/** One target of a distributed Loki: its workload, Service and PodDisruptionBudget. */
export class LokiTarget extends Component {
  constructor(chart: NamespacedChart, props: LokiTargetProps) {
    const { zone, replicas } = props;
    const ports = { http: HTTP_PORT, grpc: GRPC_PORT, gossip: GOSSIP_PORT };
    const pods = podsName(props.target);
    super(chart, zone ? `${pods}-${zone}` : pods, LOG_STORE, ports, pods);
    const { kind, headless, disk } = LOKI_TARGETS[props.target];
    this.service({ headless });
    const scaled = typeof replicas === 'object';
    // One budget holds for all zones together.
    if (zone === undefined) disruptionBudget(this, scaled ? replicas.minReplicas : replicas);
    if (scaled) autoscale(this, replicas);
    const podMetadata = this.podMetadata(props.podAnnotations);
    const spec = {
      ...this.workload(),
      ...(scaled ? {} : { replicas }),
      template: {
        metadata:
          props.target === 'ingester'
            ? { ...podMetadata, labels: { ...podMetadata.labels, ...INGESTERS } }
            : podMetadata,
        spec: this.pod(props),
      },
    };
    const readsSecrets = (props.env ?? []).concat(props.credentials?.env ?? []).some(({ valueFrom }) => valueFrom);
    const waivers = { ...SPREAD, ...(replicas === 1 ? ONE_POD : {}), ...(readsSecrets ? SECRET_ENV : {}) };
    if (kind === 'Deployment') {
      new k8s.KubeDeployment(this, 'deployment', { metadata: this.workloadMetadata(images.loki, waivers), spec });
      return;
    }
    const metadata = this.workloadMetadata(images.loki, {
      ...waivers,
      ...(headless ? {} : { 'headless-service': 'its pods find each other by gossip, clients by one address' }),
    });
    statefulSet(this, 'stateful-set', {
      metadata: zone ? { ...metadata, labels: { ...metadata.labels, ...INGESTERS } } : metadata,
      spec: {
        ...spec,
        serviceName: this.name,
        // All at once: one that starts alone would wait for others that wait for it. Updates still go one by one.
        podManagementPolicy: 'Parallel',
        // One by one in each zone would be several at a time in all, and two copies of some lines gone.
        ...(zone ? { updateStrategy: { type: 'OnDelete' } } : {}),
      },
      claim: disk ? props.claim : undefined,
    });
  }

  private pod({ target, replicas, zone, configMapName, credentials, mounts, ...props }: LokiTargetProps): k8s.PodSpec {
    const { disk, tmp, resources, terminationGracePeriodSeconds } = LOKI_TARGETS[target];
    return this.podSpec({
      user: LOKI_USER,
      serviceAccountName: credentials?.serviceAccountName,
      // Cloud providers mount a token of their own for it; that of the API server serves nothing here.
      serviceAccountToken: false,
      container: {
        name: target,
        image: images.loki,
        args: [`-target=${target}`, `-config.file=${CONFIG_PATH}/config.yaml`, '-config.expand-env=true'],
        ports: this.ports,
        env: [
          { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          ...(zone ? [{ name: 'ZONE', value: zone }] : []),
          ...(credentials?.env ?? []),
          ...(props.env ?? []),
        ],
        resources,
        go: {},
        readinessProbe: httpProbe('/ready', 'http', { periodSeconds: 5 }),
        livenessProbe: LOKI_LIVENESS,
        writable: { [DATA_PATH]: 'data', ...(tmp ? TMP.mount : {}) },
        readOnly: { [CONFIG_PATH]: 'config', ...mounted(mounts) },
      },
      nodeSelector: zone ? { 'topology.kubernetes.io/zone': zone } : undefined,
      terminationGracePeriodSeconds,
      // Two ingesters on one node would be lost together, and with them the majority that acknowledged a line. Those of one
      // zone may be: no line has two copies there.
      topologySpreadConstraints:
        target === 'ingester' && zone === undefined && typeof replicas === 'number'
          ? spreadApart(this.selector, replicas)
          : spread(this.selector, LOKI_TARGETS[target].kind),
      volumes: [
        { name: 'config', configMap: { name: configMapName } },
        ...(disk ? [] : [{ name: 'data', emptyDir: { sizeLimit: k8s.Quantity.fromString(SCRATCH) } }]),
        ...(tmp ? [TMP.volume] : []),
        ...mounts.map(({ volume }) => volume),
      ],
    });
  }
}
