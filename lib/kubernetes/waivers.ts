/** Equivalent checks by tool. */
interface Checks {
  readonly kubeScore?: readonly string[];
  readonly checkov?: readonly string[];
  readonly kubeLinter?: readonly string[];
  readonly polaris?: readonly string[];
}

/**
 * Checks of the tools that this project waives for some or all workloads.
 * @see https://github.com/zegl/kube-score/blob/v1.20.0/README_CHECKS.md
 * @see https://www.checkov.io/5.Policy%20Index/kubernetes.html
 * @see https://docs.kubelinter.io/#/generated/checks
 * @see https://polaris.docs.fairwinds.com/checks/security/
 */
const CHECKS = {
  'cpu-limit': { kubeScore: ['container-resources'], checkov: ['CKV_K8S_11'], polaris: ['cpuLimitsMissing'] },
  'pull-always': {
    kubeScore: ['container-image-pull-policy'],
    checkov: ['CKV_K8S_15'],
    polaris: ['pullPolicyNotAlways'],
  },
  digest: { checkov: ['CKV_K8S_43'] },
  'priority-class': { polaris: ['priorityClassNotSet'] },
  'instance-label': { polaris: ['metadataAndInstanceMismatched'] },
  'high-user-id': { kubeScore: ['container-security-context-user-group-id'], checkov: ['CKV_K8S_40'] },
  'non-root': { checkov: ['CKV_K8S_23'], kubeLinter: ['run-as-non-root'], polaris: ['runAsRootAllowed'] },
  'host-folders': { polaris: ['hostPathSet'] },
  'api-token': { checkov: ['CKV_K8S_38'], polaris: ['automountServiceAccountToken'] },
  'secrets-as-files': { checkov: ['CKV_K8S_35'] },
  'several-pods': { polaris: ['deploymentMissingReplicas', 'missingPodDisruptionBudget'] },
  spread: { polaris: ['topologySpreadConstraint'] },
  'anti-affinity': {
    kubeScore: ['deployment-has-host-podantiaffinity', 'statefulset-has-host-podantiaffinity'],
    kubeLinter: ['no-anti-affinity'],
  },
  'different-probes': { kubeScore: ['pod-probes-identical'] },
  'liveness-probe': { checkov: ['CKV_K8S_8'], polaris: ['livenessProbeMissing'] },
  'readiness-probe': { checkov: ['CKV_K8S_9'], polaris: ['readinessProbeMissing'] },
  'headless-service': { kubeScore: ['statefulset-has-servicename'] },
} satisfies Record<string, Checks>;

/** Waived checks of a workload, with reasons. */
export type Waivers = Readonly<Partial<Record<keyof typeof CHECKS, string>>>;

/** Checks that are waived for all workloads. */
const EVERYWHERE: Waivers = {
  'cpu-limit': 'a CPU limit slows down a pod even on an idle node; memory and disk have limits',
  'pull-always': 'tags are pinned, and a node with the image starts a pod without the registry',
  digest: 'tags are readable; the option images accepts digests',
  'priority-class': 'priority classes depend on the cluster: the option priorityClassName sets one',
  'instance-label': 'the instance is the whole stack',
};

/** For images whose files belong to one user, with an ID that may also exist on the node. */
export const UPSTREAM_USER: Waivers = { 'high-user-id': 'the image is built for this user' };

/** For workloads of several pods, with `spread` or `spreadApart`. */
export const SPREAD: Waivers = {
  'anti-affinity': 'topology spread constraints spread its pods over nodes and zones',
};

/** For workloads with one pod. */
export const ONE_POD: Waivers = {
  'several-pods': 'one pod suffices: nothing is lost while Kubernetes replaces it',
  spread: 'has one pod',
};

/** For StatefulSets with one pod and a Service that is not headless. */
export const ONE_SERVED: Waivers = {
  ...ONE_POD,
  'headless-service': 'with one pod, any Service suffices',
};

/** For Loki, which only reads credentials from the environment. */
export const SECRET_ENV: Waivers = { 'secrets-as-files': 'Loki only reads credentials from the environment' };

/**
 * Returns the annotations of a workload with its waivers. kube-score and polaris accept no reasons: these are in
 * `log-alerting/waivers`.
 * @see https://github.com/zegl/kube-score/blob/v1.20.0/README.md#ignoring-a-test
 * @see https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html
 * @see https://docs.kubelinter.io/#/configuring-kubelinter?id=ignoring-violations-for-specific-cases
 * @see https://polaris.docs.fairwinds.com/customization/exemptions/
 */
export function waiverAnnotations(waivers: Waivers): Record<string, string> {
  const all = (Object.entries({ ...EVERYWHERE, ...waivers }) as [keyof typeof CHECKS, string][]).map(
    ([name, reason]) => ({ name, reason, checks: CHECKS[name] as Checks }),
  );
  const of = (tool: keyof Checks) =>
    all.flatMap(({ reason, checks }) => (checks[tool] ?? []).map((check) => ({ check, reason })));
  return {
    'log-alerting/waivers': all.map(({ name, reason }) => `${name}: ${reason}`).join('\n'),
    'kube-score/ignore': of('kubeScore')
      .map(({ check }) => check)
      .join(','),
    ...Object.fromEntries([
      ...of('checkov').map(({ check, reason }, i) => [`checkov.io/skip${i + 1}`, `${check}=${reason}`]),
      ...of('kubeLinter').map(({ check, reason }) => [`ignore-check.kube-linter.io/${check}`, reason]),
      ...of('polaris').map(({ check }) => [`polaris.fairwinds.com/${check}-exempt`, 'true']),
    ]),
  };
}
