import type { Affinity, EnvVar, Toleration } from './pod-fields';
import type { Resources } from './resources';

/** Settings of a component's pods, the same for all components. */
export interface PodOptions {
  /** CPU, memory and disk. Omitted quantities keep the default. @default those of the component */
  readonly resources?: Partial<Resources>;
  /** Labels of its nodes, in addition to those that the stack requires. @default none */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Tolerations of its pods, in addition to those of the stack. @default none */
  readonly tolerations?: readonly Toleration[];
  /** Affinity of its pods to nodes and other pods. @default none */
  readonly affinity?: Affinity;
  /** Labels of its pods in addition to those of the stack. @default none */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Annotations of its pods in addition to those of the stack. @default none */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /**
   * Environment variables in addition to those of the stack. Credentials must be references to Secrets.
   * @default none
   */
  readonly env?: readonly EnvVar[];
  /** Priority class, which must exist in the cluster. @default the top-level `priorityClassName` */
  readonly priorityClassName?: string;
}

/** Returns the resources of a component with its options. */
export function withOptions(own: Resources, { resources = {} }: PodOptions = {}): Resources {
  const given = Object.entries(resources).filter(([, value]) => value !== undefined);
  return { ...own, ...Object.fromEntries(given) };
}
