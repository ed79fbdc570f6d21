import { kubectl } from '../../lib/demo-run/kubectl';
import type { Manifest } from '../../lib/kubernetes-objects/dist';

/** Returns the lines in the output of `kubectl apply` that report a change: all except `configmap/x unchanged`. */
export function changes(answer: string): string[] {
  return answer
    .trim()
    .split('\n')
    .filter((line) => !/ unchanged( \(server dry run\))?$/.test(line));
}

/** Returns objects that differ between two synthesized folders, or are only in one, such as `ConfigMap logging/x`. */
export function differences(before: readonly Manifest[], after: readonly Manifest[]): string[] {
  const texts = (manifests: readonly Manifest[]) =>
    new Map(
      manifests.map((manifest) => {
        const { namespace, name } = manifest.metadata;
        return [`${manifest.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`, JSON.stringify(manifest)];
      }),
    );
  const [old, fresh] = [texts(before), texts(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].filter((key) => old.get(key) !== fresh.get(key)).sort();
}

/** Returns the names of the folder's objects that exist in the cluster. */
export async function existingObjects(folder: string): Promise<string[]> {
  return names(await kubectl('get', '-f', folder, '--ignore-not-found', '-o', 'name'));
}

/** Returns what a deleted stack left in the cluster: objects, and the volumes of its claims. */
export async function remainingObjects(folder: string, manifests: readonly Manifest[]): Promise<string[]> {
  const { items } = JSON.parse(await kubectl('get', 'persistentvolumes', '-o', 'json')) as {
    items: readonly { metadata: { name: string }; spec: { claimRef?: { namespace: string } } }[];
  };
  const ours = namespaces(manifests);
  const volumes = items
    .filter(({ spec }) => ours.includes(spec.claimRef?.namespace ?? ''))
    .map(({ metadata }) => `persistentvolume/${metadata.name}`);
  return [...(await existingObjects(folder)), ...volumes];
}

/** Returns the names of the namespaces in the manifests. */
export function namespaces(manifests: readonly Manifest[]): string[] {
  return manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
}

function names(answer: string): string[] {
  return answer.split('\n').filter((line) => line !== '');
}
