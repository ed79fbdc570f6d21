import { k8s } from 'cdk8s-plus-27';
import { withServerDefaults } from './env';
import { type GoRuntime, goEnv } from './go';
import type { EnvVar } from './pod-fields';
import { type PodOptions, withOptions } from './pod-options';
import { byteQuantity, quantityValue } from './quantity';
import type { Resources } from './resources';

/** Settings of all pods of a chart. */
export interface PodDefaults {
  /** Returns the reference with which an image is pulled. @default the name of the image, from Docker Hub */
  readonly imageReference?: (image: string) => string;
  /** Secrets of the namespace with credentials of the registry. @default none */
  readonly imagePullSecrets?: readonly string[];
  /** Priority class of the cluster. @default the cluster's default, usually 0 */
  readonly priorityClassName?: string;
  /** Settings of the pods of some components, by the component's `podsName`. @default none */
  readonly pods?: Readonly<Partial<Record<string, PodOptions>>>;
}

export interface PodProps {
  readonly container: ContainerProps;
  /** User ID: `runAsNonRoot` cannot verify a user name. Root (0) is only for programs that read files of the node. */
  readonly user: number;
  /** Service account. @default none, without credentials for the API server */
  readonly serviceAccountName?: string;
  /** True if the pod gets the token of its account for the API server. @default true if `serviceAccountName` is set */
  readonly serviceAccountToken?: boolean;
  /** Group ID of the volumes. @default `user` */
  readonly fsGroup?: number;
  readonly volumes?: readonly k8s.Volume[];
  readonly tolerations?: readonly k8s.Toleration[];
  /** Constraints on the distribution of pods. @default none */
  readonly topologySpreadConstraints?: readonly k8s.TopologySpreadConstraint[];
  /** Labels of its node. @default any node */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Seconds between SIGTERM and SIGKILL. @default 30, as in Kubernetes */
  readonly terminationGracePeriodSeconds?: number;
}

export interface ContainerProps
  extends Omit<k8s.Container, 'resources' | 'securityContext' | 'volumeMounts' | 'ports' | 'env'> {
  readonly image: string;
  readonly resources: Resources;
  /** Settings of the Go runtime, for programs written in Go. @default none */
  readonly go?: GoRuntime;
  /** Port numbers by name. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Names of writable volumes by mount path. */
  readonly writable?: Readonly<Record<string, string>>;
  /** Names of read-only volumes by mount path. */
  readonly readOnly?: Readonly<Record<string, string>>;
  readonly env?: readonly EnvVar[];
}

/**
 * Returns the spec of a pod with one container, hardened beyond Pod Security `restricted`: read-only root file system,
 * no service account token unless a service account is set, no environment variables of other Services.
 */
export function podSpec(props: PodProps, defaults: PodDefaults = {}, options: PodOptions = {}): k8s.PodSpec {
  const { imageReference = (image) => image, imagePullSecrets = [] } = defaults;
  const nodeSelector = { ...options.nodeSelector, ...props.nodeSelector };
  const root = props.user === 0;
  return {
    automountServiceAccountToken: props.serviceAccountToken ?? props.serviceAccountName !== undefined,
    serviceAccountName: props.serviceAccountName,
    enableServiceLinks: false,
    imagePullSecrets: undefinedIfEmpty(imagePullSecrets.map((name) => ({ name }))),
    priorityClassName: options.priorityClassName ?? defaults.priorityClassName,
    securityContext: {
      runAsNonRoot: !root,
      runAsUser: props.user,
      runAsGroup: props.user,
      ...(root ? {} : { fsGroup: props.fsGroup ?? props.user, fsGroupChangePolicy: 'OnRootMismatch' }),
      seccompProfile: { type: 'RuntimeDefault' },
    },
    terminationGracePeriodSeconds: props.terminationGracePeriodSeconds,
    tolerations: undefinedIfEmpty([...(props.tolerations ?? []), ...(options.tolerations ?? [])]),
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
 * Disk for the log of a container, bytes: twice the kubelet's default of five files of 10 MiB, since it only rotates
 * them every ten seconds. A pod above its limit is evicted.
 */
const CONTAINER_LOG = 2 * 5 * 10 * 2 ** 20;

/** Returns the total size limit of the emptyDirs of a pod, bytes. */
export function emptyDirBytes(volumes: readonly k8s.Volume[] = []): number {
  const sizes = volumes.flatMap(({ emptyDir }) =>
    emptyDir?.sizeLimit ? [quantityValue(`${emptyDir.sizeLimit.value}`)] : [],
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Returns the maximum that a container with a read-only root can store on the node. */
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
    env: undefinedIfEmpty(
      [...env, ...(go ? goEnv(resources, go) : []), ...(options.env ?? [])].map(withServerDefaults),
    ),
    ports: undefinedIfEmpty(Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort }))),
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
    volumeMounts: undefinedIfEmpty(mounts),
  };
}

/** The API server drops empty lists, which would be a difference in every `kubectl apply`. */
function undefinedIfEmpty<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** Returns an HTTP probe. @param port name of the port */
export function httpProbe(path: string, port: string, timing: Omit<k8s.Probe, 'httpGet'> = {}): k8s.Probe {
  return { httpGet: { path, port: k8s.IntOrString.fromString(port) }, ...timing };
}
