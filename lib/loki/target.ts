import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { type Autoscaling, autoscale } from '../kubernetes/autoscaling';
import { disruptionBudget, spread, spreadApart } from '../kubernetes/availability';
import { Component } from '../kubernetes/component';
import { createObject } from '../kubernetes/create-object';
import { INGESTERS_LABEL } from '../kubernetes/labels';
import { httpProbe, type PodDefaults } from '../kubernetes/pod';
import type { EnvVar } from '../kubernetes/pod-fields';
import { statefulSet, type VolumeClaim } from '../kubernetes/stateful-set';
import { ONE_POD, SECRET_ENV, SPREAD } from '../kubernetes/waivers';
import { images } from '../versions/images';
import { CONFIG_PATH, DATA_PATH, HTTP_PORT, LOKI_LIVENESS, LOKI_USER } from './container';
import { type Mount, mounted } from './files';
import { LOKI_TARGETS, type LokiTargetName } from './targets';
import { TMP } from './tmp';

/** Value of `app.kubernetes.io/component` of all targets, which the Service for gossip selects. */
export const LOG_STORE = 'log-store';

export const GRPC_PORT = 9095;
export const GOSSIP_PORT = 7946;

/**
 * Label of the pods of all ingesters, with and without a zone, so that flows also work while ingesters move to zones.
 * By the same label on StatefulSets, Grafana's rollout-operator, if installed, updates zones one after the other.
 * @see https://github.com/grafana/rollout-operator#how-it-works
 */
export const INGESTERS = { [INGESTERS_LABEL]: 'loki-ingester' } as const;

/** Size of the data directory of targets without a disk: only the ruler writes to it, copies of rule files. */
const SCRATCH = '128Mi';

export interface LokiTargetProps {
  readonly target: LokiTargetName;
  /** Number of pods, or its bounds. */
  readonly replicas: number | Autoscaling;
  /** Zone of its pods, with which its name ends. @default any zone */
  readonly zone?: string;
  /** ConfigMap with `config.yaml`, the same for all targets. */
  readonly configMapName: string;
  /** Annotations that change with the ConfigMap, to roll out the pods. */
  readonly podAnnotations: Record<string, string>;
  /** Disk of each pod, for targets with one. */
  readonly claim: VolumeClaim;
  /** Additional environment variables. @default none */
  readonly env?: readonly EnvVar[];
  /** Credentials for targets that use the bucket. @default none */
  readonly credentials?: { readonly env: readonly EnvVar[]; readonly serviceAccountName?: string };
  /** Settings of its pods. @default those of the chart */
  readonly podDefaults?: PodDefaults;
  /** Additional files: limits of tenants, rules. */
  readonly mounts: readonly Mount[];
}

/** Returns the key of a target's pods in the options, the same for all zones. */
export const podsName = <Name extends LokiTargetName>(target: Name) => `loki-${target}` as const;

/** One target of a distributed Loki: its workload, Service and PodDisruptionBudget. */
export class LokiTarget extends Component {
  constructor(scope: Construct, props: LokiTargetProps) {
    const { zone, replicas } = props;
    const ports = { http: HTTP_PORT, grpc: GRPC_PORT, gossip: GOSSIP_PORT };
    const name = podsName(props.target);
    const { podDefaults } = props;
    super(scope, zone ? `${name}-${zone}` : name, LOG_STORE, ports, { podsName: name, podDefaults });
    const { kind, headless, disk } = LOKI_TARGETS[props.target];
    this.service({ headless });
    const scaled = typeof replicas === 'object';
    // Zones have a common budget.
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
      createObject(this, 'Resource', k8s.KubeDeployment, {
        metadata: this.workloadMetadata(images.loki, waivers),
        spec,
      });
      return;
    }
    const metadata = this.workloadMetadata(images.loki, {
      ...waivers,
      ...(headless ? {} : { 'headless-service': 'pods find each other via gossip, and clients use one address' }),
    });
    statefulSet(this, 'Resource', {
      metadata: zone ? { ...metadata, labels: { ...metadata.labels, ...INGESTERS } } : metadata,
      spec: {
        ...spec,
        serviceName: this.name,
        // A pod that starts alone would wait for the others. Updates still replace one pod at a time.
        podManagementPolicy: 'Parallel',
        // One pod per zone at a time would be several in total, with two copies of some lines.
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
      // Cloud providers mount their own token; Loki needs no access to the Kubernetes API.
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
      // Two ingesters on one node may fail together, and with them the majority of a line's copies. Ingesters of one
      // zone may share a node, since no line has two copies there.
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
