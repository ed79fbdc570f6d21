/** The checks, by tool, that look for the same thing. */
interface Checks {
  readonly kubeScore?: readonly string[];
  readonly checkov?: readonly string[];
  readonly kubeLinter?: readonly string[];
  readonly polaris?: readonly string[];
}

/**
 * What the tools want of a workload and this project decides otherwise, somewhere or everywhere.
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

/** What a workload leaves out of that, and why. */
export type Waivers = Readonly<Partial<Record<keyof typeof CHECKS, string>>>;

/** What this project decides otherwise for every workload. */
const EVERYWHERE: Waivers = {
  'cpu-limit': 'a CPU limit slows a pod down while the node is idle; memory and disk have theirs',
  'pull-always': 'tags are pinned, and a node that has the image needs no registry to start a pod',
  digest: 'versions are readable here; the option images takes digests',
  'priority-class': "classes are the cluster owner's: the option priorityClassName names one",
  'instance-label': 'the instance is the whole stack, in which each part has its name',
};

/** For programs whose image makes its files for one user, with a number that may also exist on the node. */
export const UPSTREAM_USER: Waivers = { 'high-user-id': 'the user that the image is made for' };

/** For workloads of several pods, with `spread` or `spreadApart`. */
export const SPREAD: Waivers = {
  'anti-affinity': 'topology spread constraints keep its pods apart, and say so of zones too',
};

/** For workloads of one pod that Kubernetes starts anew when it or its node fails. */
export const ONE_POD: Waivers = {
  'several-pods': 'one is enough: nothing is lost while Kubernetes starts another',
  spread: 'there is one pod',
};

/** For StatefulSets of one pod behind a Service with an address of its own. */
export const ONE_SERVED: Waivers = {
  ...ONE_POD,
  'headless-service': 'its one pod is reached by the Service as well; a headless one serves replicas',
};

/** For Loki, whose configuration takes credentials from the environment alone. */
export const SECRET_ENV: Waivers = { 'secrets-as-files': 'Loki reads credentials from its environment' };

/**
 * Annotations of a workload for the tools: the checks that they leave out, each with its reason. Those of kube-score and
 * polaris, which take none, are in `log-alerting/waivers`.
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
