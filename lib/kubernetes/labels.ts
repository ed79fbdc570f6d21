/** Labels in selectors of workloads and Services. */
export interface SelectorLabels {
  readonly 'app.kubernetes.io/name': string;
  readonly 'app.kubernetes.io/instance': string;
}

/** Value for the whole stack. */
const INSTANCE = 'log-alerting';

/** Labels of every object: `kubectl get all -A -l app.kubernetes.io/part-of=log-alerting`. */
export const PART_OF = {
  'app.kubernetes.io/part-of': INSTANCE,
  'app.kubernetes.io/managed-by': 'cdk8s',
} as const;

/**
 * Returns the labels of a selector. They must not contain the version or a construct address: selectors are immutable,
 * so that an upgrade cannot change them.
 */
export function selectorLabels(name: string): SelectorLabels {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': INSTANCE };
}

/** Returns the selector of all pods with the same role in the stack. */
export function componentSelector(component: string): Record<string, string> {
  return { 'app.kubernetes.io/instance': INSTANCE, 'app.kubernetes.io/component': component };
}

/** Label of the pods of ingesters, which network policies select. @see INGESTERS */
export const INGESTERS_LABEL = 'rollout-group';

/**
 * Returns the recommended labels of an object.
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
 * Returns the label with the version of a workload, from the tag of its image; none for an image with only a digest.
 * Only workloads have it: in a selector, it could not change.
 */
export function versionLabel(image: string): Record<string, string> {
  const [, version] = /:v?([0-9A-Za-z][\w.-]{0,61}[0-9A-Za-z])$/.exec(image.split('@')[0] ?? '') ?? [];
  return version ? { 'app.kubernetes.io/version': version } : {};
}
