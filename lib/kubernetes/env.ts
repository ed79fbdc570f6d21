import { k8s } from 'cdk8s-plus-27';
import type { EnvVar } from './pod-fields';

/**
 * Returns a variable with the defaults of the API server. References to fields are atomic: without the default, an apply
 * with `--server-side` conflicts with the reference of an earlier `kubectl apply`.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function withServerDefaults({ valueFrom, ...variable }: EnvVar): k8s.EnvVar {
  if (valueFrom === undefined) return variable;
  const { fieldRef, resourceFieldRef, ...keys } = valueFrom;
  const { divisor } = resourceFieldRef ?? {};
  return {
    ...variable,
    valueFrom: {
      ...keys,
      ...(fieldRef ? { fieldRef: { apiVersion: 'v1', ...fieldRef } } : {}),
      ...(resourceFieldRef
        ? { resourceFieldRef: { ...resourceFieldRef, divisor: divisor ? k8s.Quantity.fromString(divisor) : undefined } }
        : {}),
    },
  };
}
