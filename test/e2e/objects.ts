import { kubectl } from '../../lib/demo-run/kubectl';
import type { Manifest } from '../../lib/kubernetes-objects/dist';

/** Lines of kubectl's answer to an apply that tell of a change: all but `configmap/x unchanged`. */
export function changes(answer: string): string[] {
  return answer
    .trim()
    .split('\n')
    .filter((line) => !/ unchanged( \(server dry run\))?$/.test(line));
}

/** Objects that differ between two synthesized folders, or stand in one of them only, as `ConfigMap logging/x`. */
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

/** Names of those objects of the folder that are in the cluster. */
export async function present(folder: string): Promise<string[]> {
  return names(await kubectl('get', '-f', folder, '--ignore-not-found', '-o', 'name'));
}

/** What a deleted stack may have left in the cluster: its objects, and the volumes behind its claims. */
export async function remains(folder: string, manifests: readonly Manifest[]): Promise<string[]> {
  const { items } = JSON.parse(await kubectl('get', 'persistentvolumes', '-o', 'json')) as {
    items: readonly { metadata: { name: string }; spec: { claimRef?: { namespace: string } } }[];
  };
  const ours = namespaces(manifests);
  const volumes = items
    .filter(({ spec }) => ours.includes(spec.claimRef?.namespace ?? ''))
    .map(({ metadata }) => `persistentvolume/${metadata.name}`);
  return [...(await present(folder)), ...volumes];
}

/** Names of the namespaces that the manifests create. */
export function namespaces(manifests: readonly Manifest[]): string[] {
  return manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
}

function names(answer: string): string[] {
  return answer.split('\n').filter((line) => line !== '');
}
