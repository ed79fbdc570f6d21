import type { k8s } from 'cdk8s-plus-27';

/** Tolerations that move a pod off a lost node after 30 seconds instead of Kubernetes' default of five minutes. */
export const QUICK_EVICTION: readonly k8s.Toleration[] = [
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
].map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 }));
