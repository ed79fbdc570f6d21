import type { Manifest } from '../../../lib/kubernetes-objects/dist';
import { quantity } from '../../manifests/kubernetes';

/** Fields of a pod's spec that this harness supports. It refuses to run a pod with other fields. */
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

/** A volume claim template of a StatefulSet. */
export interface Claim {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
}

export interface WorkloadRef {
  readonly kind: 'StatefulSet' | 'Deployment' | 'DaemonSet';
  readonly name: string;
  /** Namespace of the workload. @default any */
  readonly namespace?: string;
}

/** A workload's pod and its volume claims. */
export interface Workload {
  readonly name: string;
  readonly pod: PodSpec;
  readonly container: Container;
  readonly claims: readonly Claim[];
}

/** Values that only exist in a cluster, so that a test must provide them. */
export interface PodContext {
  /** Values by `fieldRef` path, such as `status.podIP`. @default none */
  readonly fields?: Readonly<Record<string, string>>;
  /** Data of Secrets by name, in addition to those in the manifests. @default none */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Returns a workload.
 * @throws if there is none, or if its pod has a field that the harness does not support
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

/** Supported fields, followed by fields that do not affect the program: those for the scheduler and the kubelet. */
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
  if (unknown.length > 0)
    throw new Error(`${what} has fields that test/support/pod does not support: ${unknown.join(', ')}`);
}

/** Returns the container's environment like the kubelet. @throws for a value that neither manifests nor test provide */
export function environment(
  { container }: Workload,
  manifests: readonly Manifest[],
  { fields = {}, secrets = {} }: PodContext,
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

/** Replaces `$(NAME)` if it is set; `$$(NAME)` becomes `$(NAME)`. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\$|\(([A-Za-z_.-][\w.-]*)\))/g, (all, token, name) =>
    token === '$' ? '$' : (env[name] ?? all),
  );
}

/** Returns the data of a ConfigMap. @throws if there is none */
export function configMapData(name: string, manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  const found = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
  if (!found) throw new Error(`no ConfigMap '${name}' in the manifests`);
  return found.data ?? {};
}

/** Returns the data of a Secret. @throws if neither manifests nor test provide it */
export function secretData(
  name: string,
  manifests: readonly Manifest[],
  secrets: PodContext['secrets'] = {},
): Readonly<Record<string, string>> {
  const found = manifests.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === name) as
    | { stringData?: Record<string, string>; data?: Record<string, string> }
    | undefined;
  const decoded = Object.entries(found?.data ?? {}).map(([key, text]) => [key, `${Buffer.from(text, 'base64')}`]);
  if (!found && !secrets[name]) throw new Error(`no Secret '${name}' in the manifests or the test`);
  return { ...Object.fromEntries(decoded), ...found?.stringData, ...secrets[name] };
}
