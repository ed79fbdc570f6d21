import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { createObject } from './create-object';

/** The volume claim template of a StatefulSet, for the volume `data`. */
export interface VolumeClaim {
  /** Size, a Kubernetes quantity, e.g. `5Gi`. */
  readonly storage: string;
  /** Storage class. @default the cluster's default class */
  readonly storageClassName?: string;
}

/**
 * Creates a StatefulSet, with a volume claim template if a claim is given.
 *
 * The template contains defaults of the API server (`apiVersion`, `kind`, `status`) that the typed object lacks:
 * kubectl compares the list of templates as a whole, so that each apply of the same file would be a change without
 * them.
 */
export function statefulSet(
  scope: Construct,
  id: string,
  props: { readonly metadata: k8s.ObjectMeta; readonly spec: k8s.StatefulSetSpec; readonly claim?: VolumeClaim },
): ApiObject {
  const { metadata, spec, claim } = props;
  if (claim === undefined) return createObject(scope, id, k8s.KubeStatefulSet, { metadata, spec });
  const manifest = k8s.KubeStatefulSet.manifest({ metadata, spec });
  const template = k8s.KubePersistentVolumeClaim.manifest({
    metadata: { name: 'data' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: claim.storageClassName,
      volumeMode: 'Filesystem',
      resources: { requests: { storage: k8s.Quantity.fromString(claim.storage) } },
    },
  });
  return new ApiObject(scope, id, {
    ...manifest,
    spec: { ...manifest.spec, volumeClaimTemplates: [{ ...template, status: { phase: 'Pending' } }] },
  });
}
