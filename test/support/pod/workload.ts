import type { Manifest } from '../../../lib/kubernetes-objects/dist';
import { quantity } from '../../manifests/kubernetes';

/** As much of a pod's spec as this harness does as the kubelet does it; for anything else it refuses to run the pod. */
export interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number; readonly fsGroup?: number };
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
}

export interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env?: readonly EnvVar[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: {
    readonly limits: Readonly<Record<string, string>>;
    readonly requests: Readonly<Record<string, string>>;
  };
  readonly securityContext: {
    readonly readOnlyRootFilesystem: boolean;
    readonly allowPrivilegeEscalation: boolean;
    readonly capabilities: { readonly drop: readonly string[] };
  };
  readonly volumeMounts?: readonly VolumeMount[];
  readonly readinessProbe?: Probe;
}

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string | number };
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: { readonly fieldPath: string };
    readonly secretKeyRef?: { readonly name: string; readonly key: string };
    readonly configMapKeyRef?: { readonly name: string; readonly key: string };
    readonly resourceFieldRef?: { readonly resource: string; readonly divisor?: string };
  };
}

interface Items {
  readonly items?: readonly { readonly key: string; readonly path: string }[];
  readonly optional?: boolean;
}

export interface Volume {
  readonly name: string;
  readonly configMap?: Items & { readonly name: string; readonly defaultMode?: number };
  readonly secret?: Items & { readonly secretName: string; readonly defaultMode?: number };
  readonly projected?: {
    readonly sources: readonly {
      readonly configMap?: Items & { readonly name: string };
      readonly secret?: Items & { readonly name: string };
    }[];
    readonly defaultMode?: number;
  };
  readonly emptyDir?: { readonly sizeLimit?: string };
  readonly hostPath?: { readonly path: string; readonly type?: string };
}

/** A claim template of a StatefulSet. */
export interface Claim {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
}

export interface WorkloadRef {
  readonly kind: 'StatefulSet' | 'Deployment' | 'DaemonSet';
  readonly name: string;
  /** @default any */
  readonly namespace?: string;
}

/** A workload's pod and the claims of its disks. */
export interface Workload {
  readonly name: string;
  readonly pod: PodSpec;
  readonly container: Container;
  readonly claims: readonly Claim[];
}

/** What only a cluster knows of a pod, so that a test must say it. */
export interface Surroundings {
  /** Values by `fieldRef` path, for instance `status.podIP`. @default none */
  readonly fields?: Readonly<Record<string, string>>;
  /** Data of Secrets by name, besides those of the manifests. @default none */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * The workload of this kind and name.
 * @throws if there is none, or its pod asks for anything that the harness would leave out
 */
export function workloadOf(manifests: readonly Manifest[], { kind, name, namespace }: WorkloadRef): Workload {
  const found = manifests.find(
    ({ kind: k, metadata: m }) => k === kind && m.name === name && (!namespace || m.namespace === namespace),
  ) as { spec: { template: { spec: PodSpec }; volumeClaimTemplates?: Claim[] } } | undefined;
  if (!found) throw new Error(`no ${kind} '${name}' in the manifests`);
  const { template, volumeClaimTemplates: claims = [] } = found.spec;
  const [container, ...others] = template.spec.containers;
  if (!container || others.length > 0) throw new Error(`the pod of ${kind} '${name}' must have one container`);
  requireKnown(`the pod of ${kind} '${name}'`, template.spec, POD_KEYS);
  requireKnown(`the container of ${kind} '${name}'`, container, CONTAINER_KEYS);
  for (const volume of template.spec.volumes ?? [])
    requireKnown(`volume '${volume.name}' of ${kind} '${name}'`, volume, VOLUME_KEYS);
  return { name, pod: template.spec, container, claims };
}

/** Fields that the harness follows, then those that do not touch how the program runs: the scheduler's and the kubelet's. */
const POD_KEYS = [
  ...['automountServiceAccountToken', 'securityContext', 'containers', 'volumes', 'enableServiceLinks'],
  ...['serviceAccountName', 'terminationGracePeriodSeconds', 'tolerations', 'affinity', 'nodeSelector'],
  ...['topologySpreadConstraints', 'priorityClassName', 'imagePullSecrets', 'hostname', 'subdomain', 'dnsConfig'],
];
const CONTAINER_KEYS = [
  ...['name', 'args', 'workingDir', 'env', 'ports', 'resources', 'securityContext', 'volumeMounts'],
  ...['image', 'imagePullPolicy', 'readinessProbe', 'livenessProbe', 'startupProbe', 'lifecycle'],
];
const VOLUME_KEYS = ['name', 'configMap', 'secret', 'projected', 'emptyDir', 'hostPath'];

function requireKnown(what: string, object: object, known: readonly string[]): void {
  const unknown = Object.entries(object).flatMap(([key, value]) =>
    value === undefined || known.includes(key) ? [] : [key],
  );
  if (unknown.length > 0) throw new Error(`${what} has fields that test/support/pod ignores: ${unknown.join(', ')}`);
}

/** The container's environment as the kubelet makes it. @throws for a value that neither manifests nor test have */
export function environment(
  { container }: Workload,
  manifests: readonly Manifest[],
  { fields = {}, secrets = {} }: Surroundings,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { name, value, valueFrom = {} } of container.env ?? []) {
    const { fieldRef, secretKeyRef, configMapKeyRef, resourceFieldRef } = valueFrom;
    const found =
      (fieldRef && fields[fieldRef.fieldPath]) ??
      (secretKeyRef && secretData(secretKeyRef.name, manifests, secrets)[secretKeyRef.key]) ??
      (configMapKeyRef && configMapData(configMapKeyRef.name, manifests)[configMapKeyRef.key]) ??
      (resourceFieldRef && resourceField(container, resourceFieldRef)) ??
      (Object.keys(valueFrom).length === 0 ? (value ?? '') : undefined);
    if (found === undefined) throw new Error(`no value for variable ${name}: ${JSON.stringify(valueFrom)}`);
    env[name] = expand(found, env);
  }
  return env;
}

function resourceField({ resources }: Container, { resource, divisor }: { resource: string; divisor?: string }) {
  const [group = '', ...rest] = resource.split('.');
  const amount = resources[group as 'limits' | 'requests']?.[rest.join('.')];
  return amount === undefined ? undefined : `${Math.ceil(quantity(amount) / quantity(divisor ?? '1'))}`;
}

/** Replaces `$(NAME)`; `$$(NAME)` stays as `$(NAME)`, and so does a name that is not set. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\$|\(([A-Za-z_.-][\w.-]*)\))/g, (all, token, name) =>
    token === '$' ? '$' : (env[name] ?? all),
  );
}

/** @throws if there is none */
export function configMapData(name: string, manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  const found = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
  if (!found) throw new Error(`no ConfigMap '${name}' in the manifests`);
  return found.data ?? {};
}

/** @throws if neither test nor manifests have it */
export function secretData(
  name: string,
  manifests: readonly Manifest[],
  secrets: Surroundings['secrets'] = {},
): Readonly<Record<string, string>> {
  const found = manifests.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === name) as
    | { stringData?: Record<string, string>; data?: Record<string, string> }
    | undefined;
  const decoded = Object.entries(found?.data ?? {}).map(([key, text]) => [key, `${Buffer.from(text, 'base64')}`]);
  if (!found && !secrets[name]) throw new Error(`no Secret '${name}' in the manifests, and the test gives none`);
  return { ...Object.fromEntries(decoded), ...found?.stringData, ...secrets[name] };
}
