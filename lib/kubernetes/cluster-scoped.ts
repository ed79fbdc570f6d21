import { type ApiObject, JsonPatch } from 'cdk8s';

/** Removes the namespace, which cdk8s adds to all objects of a chart, including cluster-scoped ones. */
export function clusterScoped(object: ApiObject): void {
  object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
}
