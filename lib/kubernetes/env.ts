import type { k8s } from 'cdk8s-plus-27';

/**
 * Writes what the API server would fill in. References to fields are atomic: it keeps the one that an earlier
 * `kubectl apply` left, with its default, and takes another without it for a conflict when applied with `--server-side`.
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
