import { k8s } from 'cdk8s-plus-27';
import { withServerDefaults } from './env';
import { type GoRuntime, goEnv } from './go';
import { type PodOptions, withOptions } from './pod-options';
import { byteQuantity, quantityValue } from './quantity';
import type { Resources } from './resources';

/** What all pods of a chart have in common. */
export interface PodDefaults {
  /** Takes the name of an image to the reference by which it is pulled. @default the name itself, from Docker Hub */
  readonly imageReference?: (image: string) => string;
  /** Secrets of the namespace with which images are pulled. @default the registry asks nobody */
  readonly imagePullSecrets?: readonly string[];
  /** Priority class of the cluster: who may stay when a node is full. @default the cluster's default, mostly 0 */
  readonly priorityClassName?: string;
  /** Settings of the pods of some components, by the component's `podsName`. @default none */
  readonly pods?: Readonly<Partial<Record<string, PodOptions>>>;
}

export interface PodProps {
  readonly container: ContainerProps;
  /** Numeric, because `runAsNonRoot` can't verify a user name. Root (0) is only for what reads the node's files. */
  readonly user: number;
  /** @default a pod without credentials for the API server */
  readonly serviceAccountName?: string;
  /** Whether the pod gets the account's token for the API server. @default whether it names an account */
  readonly serviceAccountToken?: boolean;
  /** Group that owns the volumes. @default the user's number */
  readonly fsGroup?: number;
  readonly volumes?: readonly k8s.Volume[];
  readonly tolerations?: readonly k8s.Toleration[];
  /** Where its pods may lie in relation to each other. @default where there is room */
  readonly topologySpreadConstraints?: readonly k8s.TopologySpreadConstraint[];
  /** Labels that its node must have. @default any node */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Seconds between SIGTERM and SIGKILL. @default 30, as in Kubernetes */
  readonly terminationGracePeriodSeconds?: number;
}

export interface ContainerProps
  extends Omit<k8s.Container, 'resources' | 'securityContext' | 'volumeMounts' | 'ports' | 'env'> {
  readonly image: string;
  readonly resources: Resources;
  /** That the program is written in Go, which is told of its limits. @default it is not */
  readonly go?: GoRuntime;
  /** Port name to number. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Mount path to volume name; what is mounted here can be written. */
  readonly writable?: Readonly<Record<string, string>>;
  /** Mount path to volume name. */
  readonly readOnly?: Readonly<Record<string, string>>;
  readonly env?: readonly k8s.EnvVar[];
}

/**
 * A pod with one container, hardened as Pod Security `restricted` asks and beyond: read-only root file system, no
 * service-account token unless a service account is named, no environment variables about other Services.
 */
export function podSpec(props: PodProps, defaults: PodDefaults = {}, options: PodOptions = {}): k8s.PodSpec {
  const { imageReference = (image) => image, imagePullSecrets = [] } = defaults;
  const nodeSelector = { ...options.nodeSelector, ...props.nodeSelector };
  const root = props.user === 0;
  return {
    automountServiceAccountToken: props.serviceAccountToken ?? props.serviceAccountName !== undefined,
    serviceAccountName: props.serviceAccountName,
    enableServiceLinks: false,
    imagePullSecrets: unlessEmpty(imagePullSecrets.map((name) => ({ name }))),
    priorityClassName: options.priorityClassName ?? defaults.priorityClassName,
    securityContext: {
      runAsNonRoot: !root,
      runAsUser: props.user,
      runAsGroup: props.user,
      ...(root ? {} : { fsGroup: props.fsGroup ?? props.user, fsGroupChangePolicy: 'OnRootMismatch' }),
      seccompProfile: { type: 'RuntimeDefault' },
    },
    terminationGracePeriodSeconds: props.terminationGracePeriodSeconds,
    tolerations: unlessEmpty([...(props.tolerations ?? []), ...(options.tolerations ?? [])]),
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    affinity: options.affinity,
    topologySpreadConstraints: props.topologySpreadConstraints?.slice(),
    containers: [
      container(
        { ...props.container, image: imageReference(props.container.image) },
        ephemeralStorage(props.volumes),
        options,
      ),
    ],
    volumes: props.volumes?.slice(),
  };
}

/**
 * Disk for a container's log, of which the kubelet keeps five files of 10 MiB unless it is configured otherwise: as much again
 * for what comes between its looks at them, every ten seconds. A pod past its limit is evicted.
 */
const CONTAINER_LOG = 2 * 5 * 10 * 2 ** 20;

/** Bytes that fit into the emptyDirs of a pod. */
export function emptyDirBytes(volumes: readonly k8s.Volume[] = []): number {
  const sizes = volumes.flatMap(({ emptyDir }) =>
    emptyDir?.sizeLimit ? [quantityValue(`${emptyDir.sizeLimit.value}`)] : [],
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** All that a container with a read-only root can store on the node. */
function ephemeralStorage(volumes?: readonly k8s.Volume[]): string {
  return byteQuantity(CONTAINER_LOG + emptyDirBytes(volumes));
}

function container(props: ContainerProps, storage: string, options: PodOptions): k8s.Container {
  const { resources: own, go, ports = {}, writable = {}, readOnly = {}, env = [], ...rest } = props;
  const resources = withOptions(own, options);
  const ephemeralStorage = k8s.Quantity.fromString(resources.ephemeralStorage ?? storage);
  const mounts = [
    ...Object.entries(writable).map(([mountPath, name]) => ({ name, mountPath })),
    ...Object.entries(readOnly).map(([mountPath, name]) => ({ name, mountPath, readOnly: true })),
  ];
  return {
    imagePullPolicy: 'IfNotPresent',
    ...rest,
    env: unlessEmpty([...env, ...(go ? goEnv(resources, go) : []), ...(options.env ?? [])].map(withServerDefaults)),
    ports: unlessEmpty(Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort }))),
    resources: {
      requests: {
        cpu: k8s.Quantity.fromString(resources.cpu),
        memory: k8s.Quantity.fromString(resources.memory),
        'ephemeral-storage': ephemeralStorage,
      },
      limits: {
        ...(resources.cpuLimit ? { cpu: k8s.Quantity.fromString(resources.cpuLimit) } : {}),
        memory: k8s.Quantity.fromString(resources.memoryLimit),
        'ephemeral-storage': ephemeralStorage,
      },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: unlessEmpty(mounts),
  };
}

/** The API server drops empty lists; written, they would make every `kubectl apply` look like a change. */
function unlessEmpty<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** A GET that must answer 2xx or 3xx. `port` is a port's name. */
export function httpProbe(path: string, port: string, timing: Omit<k8s.Probe, 'httpGet'> = {}): k8s.Probe {
  return { httpGet: { path, port: k8s.IntOrString.fromString(port) }, ...timing };
}
