/** The parts of Kubernetes objects that tests use. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: unknown;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Readonly<Record<string, string>>;
}

export type Labels = Readonly<Record<string, string>>;

export interface Workload extends Manifest {
  readonly spec: {
    readonly replicas?: number;
    readonly revisionHistoryLimit: number;
    readonly selector: { readonly matchLabels: Labels };
    readonly serviceName?: string;
    readonly template: { readonly metadata: Omit<Metadata, 'name'>; readonly spec: PodSpec };
    readonly volumeClaimTemplates?: readonly Manifest[];
  };
}

export interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly serviceAccountName?: string;
  readonly enableServiceLinks: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly topologySpreadConstraints?: readonly { readonly labelSelector: { readonly matchLabels: Labels } }[];
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly valueFrom?: { readonly secretKeyRef?: SecretKey; readonly fieldRef?: object };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: { readonly requests: Quantities; readonly limits: Quantities };
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
}

export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

export type Quantities = Readonly<Record<string, string>>;

export type Probe = Readonly<Partial<Record<'httpGet' | 'tcpSocket', { readonly port: string | number }>>>;

export interface Volume {
  readonly name: string;
  readonly configMap?: ConfigMapSource;
  readonly secret?: { readonly secretName: string };
  readonly projected?: { readonly sources: readonly { readonly configMap?: ConfigMapSource }[] };
  readonly hostPath?: object;
  readonly emptyDir?: { readonly sizeLimit: string };
}

export interface ConfigMapSource {
  readonly name: string;
  readonly items?: readonly { readonly key: string }[];
}

export interface Service extends Manifest {
  readonly spec: {
    readonly selector: Labels;
    readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
  };
}

const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'];

export function workloads(all: readonly Manifest[]): Workload[] {
  return all.filter((object): object is Workload => WORKLOAD_KINDS.includes(object.kind));
}

export function services(all: readonly Manifest[]): Service[] {
  return all.filter((object): object is Service => object.kind === 'Service');
}

/** `StatefulSet logging/loki`. */
export function nameOf({ kind, metadata }: Manifest): string {
  return `${kind} ${[metadata.namespace, metadata.name].filter((part) => part).join('/')}`;
}

/** Returns the object of a kind and name. @throws Error if there is none */
export function find(all: readonly Manifest[], kind: string, name: string): Manifest {
  const found = all.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`There is no ${kind} ${name} in ${all.map(nameOf).join(', ')}.`);
  return found;
}

/** Returns whether labels include all labels of a selector. */
export function matches(selector: Labels, labels: Labels = {}): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

export function containers({ spec }: Workload): readonly Container[] {
  return [...(spec.template.spec.initContainers ?? []), ...spec.template.spec.containers];
}

/** Returns the ConfigMaps of a volume. */
export function configMaps(volume: Volume): ConfigMapSource[] {
  const { configMap, projected } = volume;
  return [configMap, ...(projected?.sources ?? []).map((source) => source.configMap)].filter(
    (map) => map !== undefined,
  );
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** Returns a quantity as a number, in cores or bytes. */
export function quantity(text: string | undefined): number {
  const [, number, unit = ''] = /^([0-9.]+)([a-zA-Z]*)$/.exec(text ?? '') ?? [];
  return Number(number) * (UNITS[unit] ?? Number.NaN);
}
