import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';

/** The one disk of each pod of a StatefulSet, mounted by the volume name `data`. */
export interface VolumeClaim {
  /** Size, a Kubernetes quantity, for instance `5Gi`. */
  readonly storage: string;
  /** @default the cluster's default class */
  readonly storageClassName?: string;
}

/**
 * A StatefulSet whose pods have a disk each, if a claim is given.
 *
 * The claim template also says what the API server would fill in (`apiVersion`, `kind`, `status`), which the typed
 * object has no fields for: kubectl compares the list of templates as a whole, so that without them every apply of the
 * same file would look like a change.
 */
export function statefulSet(
  scope: Construct,
  id: string,
  props: { readonly metadata: k8s.ObjectMeta; readonly spec: k8s.StatefulSetSpec; readonly claim?: VolumeClaim },
): ApiObject {
  const { metadata, spec, claim } = props;
  const manifest = k8s.KubeStatefulSet.manifest({ metadata, spec });
  if (claim === undefined) return new ApiObject(scope, id, manifest);
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
