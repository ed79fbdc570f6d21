import { type ApiObject, JsonPatch } from 'cdk8s';

/** Takes the namespace away that cdk8s stamps on every object of a chart, also on kinds that have none. */
export function clusterScoped(object: ApiObject): void {
  object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
}
