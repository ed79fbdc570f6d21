/** Fields of pods with the names and meanings of Kubernetes, for options: packages of its API are not needed for them. */

/** An environment variable of a container, with exactly one of `value` and `valueFrom`. */
export interface EnvVar {
  /** Name of the variable. */
  readonly name: string;
  /** Text; not for credentials. @default none, see `valueFrom` */
  readonly value?: string;
  /** Source of the text. @default none, see `value` */
  readonly valueFrom?: EnvVarSource;
}

/** The source of a variable: exactly one of its fields. */
export interface EnvVarSource {
  /** Key of a Secret. @default none */
  readonly secretKeyRef?: KeySelector;
  /** Key of a ConfigMap. @default none */
  readonly configMapKeyRef?: KeySelector;
  /** Field of the pod, e.g. `status.podIP`. @default none */
  readonly fieldRef?: { readonly fieldPath: string; readonly apiVersion?: string };
  /** Resource of a container, e.g. `limits.memory`, in units of `divisor`, a Kubernetes quantity. @default none */
  readonly resourceFieldRef?: { readonly resource: string; readonly containerName?: string; readonly divisor?: string };
}

/** A key of a Secret or ConfigMap in the namespace of the pod. */
export interface KeySelector {
  /** Name of the Secret or ConfigMap. */
  readonly name: string;
  /** Key in it. */
  readonly key: string;
  /** Lets the pod start without the object or the key. @default false */
  readonly optional?: boolean;
}

/** A toleration of taints. @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export interface Toleration {
  /** Key of the taint. @default every key, with operator `Exists` */
  readonly key?: string;
  /** `Equal` compares `value`; `Exists` accepts any. @default 'Equal' */
  readonly operator?: string;
  /** Value of the taint. @default '' */
  readonly value?: string;
  /** Effect of the taint: `NoSchedule`, `PreferNoSchedule` or `NoExecute`. @default every effect */
  readonly effect?: string;
  /** Seconds that a pod stays on a node with a taint of effect `NoExecute`. @default forever */
  readonly tolerationSeconds?: number;
}

/** Rules on the nodes of pods. @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
export interface Affinity {
  /** Labels that nodes must or should have. @default none */
  readonly nodeAffinity?: NodeAffinity;
  /** Pods that must or should be near. @default none */
  readonly podAffinity?: PodAffinity;
  /** Pods that must or should not be near. @default none */
  readonly podAntiAffinity?: PodAffinity;
}

export interface NodeAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms: NodeSelectorTerm[] };
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PreferredSchedulingTerm[];
}

export interface PreferredSchedulingTerm {
  /** From 1 to 100. */
  readonly weight: number;
  readonly preference: NodeSelectorTerm;
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: Requirement[];
  readonly matchFields?: Requirement[];
}

export interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  readonly preferredDuringSchedulingIgnoredDuringExecution?: WeightedPodAffinityTerm[];
}

export interface WeightedPodAffinityTerm {
  /** From 1 to 100. */
  readonly weight: number;
  readonly podAffinityTerm: PodAffinityTerm;
}

export interface PodAffinityTerm {
  readonly labelSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly namespaces?: string[];
  readonly topologyKey: string;
}

export interface LabelSelector {
  readonly matchLabels?: { [key: string]: string };
  readonly matchExpressions?: Requirement[];
}

/** A requirement on the labels or fields of a node or pod. */
export interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: string[];
}
