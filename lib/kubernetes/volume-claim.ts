import { k8s } from 'cdk8s-plus-27';

/**
 * A claim template of a StatefulSet for one disk of one pod.
 * @param storage a Kubernetes quantity, for instance `5Gi`
 */
export function volumeClaim(
  name: string,
  storage: string,
  storageClassName?: string,
): k8s.KubePersistentVolumeClaimProps {
  return {
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName,
      resources: { requests: { storage: k8s.Quantity.fromString(storage) } },
    },
  };
}
