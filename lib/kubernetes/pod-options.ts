import type { k8s } from 'cdk8s-plus-27';
import type { Resources } from './resources';

/** Settings of a component's pods: the same for every component. What is left out stays as it is. */
export interface PodOptions {
  /** CPU, memory and disk. @default those of the component */
  readonly resources?: Partial<Resources>;
  /** Labels that its nodes must have, in addition to those that the stack asks for. @default none */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints of nodes that its pods accept, in addition to those that the stack accepts. @default none */
  readonly tolerations?: readonly k8s.Toleration[];
  /** Nodes that its pods prefer or need, by labels of nodes or of other pods. @default none */
  readonly affinity?: k8s.Affinity;
  /** Labels of its pods in addition to the stack's own. @default none */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Annotations of its pods in addition to the stack's own. @default none */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /** Environment variables in addition to the stack's own. Credentials are read from Secrets. @default none */
  readonly env?: readonly k8s.EnvVar[];
  /** Priority class, which must be in the cluster. @default the top-level `priorityClassName` */
  readonly priorityClassName?: string;
}

/** A component's resources with what its options say otherwise. */
export function withOptions(own: Resources, { resources = {} }: PodOptions = {}): Resources {
  const given = Object.entries(resources).filter(([, value]) => value !== undefined);
  return { ...own, ...Object.fromEntries(given) };
}
