/** Labels by which a workload, its pods and its Service find each other. */
export interface SelectorLabels {
  readonly 'app.kubernetes.io/name': string;
  readonly 'app.kubernetes.io/instance': string;
}

/** One value for the whole product: what belongs together. */
const INSTANCE = 'log-alerting';

/** On every object: `kubectl get all -A -l app.kubernetes.io/part-of=log-alerting`. */
export const PART_OF = {
  'app.kubernetes.io/part-of': INSTANCE,
  'app.kubernetes.io/managed-by': 'cdk8s',
} as const;

/**
 * The labels a selector uses. Never the version or a construct address: a selector can't be changed in a cluster,
 * so an upgrade must leave it as it is.
 */
export function selectorLabels(name: string): SelectorLabels {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': INSTANCE };
}

/** Selects all that do the same in the stack, whatever it is called. */
export function componentSelector(component: string): Record<string, string> {
  return { 'app.kubernetes.io/instance': INSTANCE, 'app.kubernetes.io/component': component };
}

/** On the pods of ingesters, which flows between them select. @see INGESTERS */
export const INGESTERS_LABEL = 'rollout-group';

/**
 * The recommended labels of every object.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function labels(name: string, component: string): Record<string, string> {
  return {
    ...selectorLabels(name),
    'app.kubernetes.io/component': component,
    ...PART_OF,
  };
}

/**
 * The version of a workload, from the tag of its image; none for an image by digest alone. Only on the workload: in a selector it
 * could not change, and on a Service it would say nothing.
 */
export function versionLabel(image: string): Record<string, string> {
  const [, version] = /:v?([0-9A-Za-z][\w.-]{0,61}[0-9A-Za-z])$/.exec(image.split('@')[0] ?? '') ?? [];
  return version ? { 'app.kubernetes.io/version': version } : {};
}
