import type { k8s } from 'cdk8s-plus-27';

/**
 * Adds defaults of the API server. References to fields are atomic: without the default, an apply with `--server-side`
 * conflicts with the reference of an earlier `kubectl apply`.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function withServerDefaults({ valueFrom, ...variable }: k8s.EnvVar): k8s.EnvVar {
  if (valueFrom === undefined) return variable;
  const { fieldRef } = valueFrom;
  return {
    ...variable,
    valueFrom: { ...valueFrom, ...(fieldRef ? { fieldRef: { apiVersion: 'v1', ...fieldRef } } : {}) },
  };
}
