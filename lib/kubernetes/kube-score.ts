/** A check of kube-score that does not hold for a workload, and why. `kube-score list` says what each check wants. */
export type Waivers = Readonly<
  Partial<
    Record<
      | 'container-security-context-user-group-id'
      | 'deployment-has-host-podantiaffinity'
      | 'pod-probes-identical'
      | 'statefulset-has-host-podantiaffinity'
      | 'statefulset-has-servicename',
      string
    >
  >
>;

/** What this project decides otherwise for every workload. */
const EVERYWHERE = {
  'container-resources': 'a CPU limit slows a pod down while the node is idle; memory and disk have theirs',
  'container-image-pull-policy': 'tags are pinned, and a node that has the image needs no registry to start a pod',
};

/** For programs whose image makes its files for one user, with a number that may also exist on the node. */
export const UPSTREAM_USER: Waivers = {
  'container-security-context-user-group-id': 'the user that the image is made for',
};

const SPREAD_REASON = 'topology spread constraints keep its pods apart, and say so of zones too';

/** For workloads of several pods, with `spread`. */
export const SPREAD: { readonly Deployment: Waivers; readonly StatefulSet: Waivers } = {
  Deployment: { 'deployment-has-host-podantiaffinity': SPREAD_REASON },
  StatefulSet: { 'statefulset-has-host-podantiaffinity': SPREAD_REASON },
};

/**
 * Annotations of a workload for kube-score: the checks that it leaves out, and the reason of each for people.
 * @see https://github.com/zegl/kube-score/blob/v1.20.0/README.md#ignoring-a-test
 */
export function kubeScoreAnnotations(waivers: Waivers): Record<string, string> {
  const all = Object.entries({ ...EVERYWHERE, ...waivers });
  return {
    'kube-score/ignore': all.map(([check]) => check).join(','),
    'kube-score/ignore-reasons': all.map(([check, reason]) => `${check}: ${reason}`).join('\n'),
  };
}
