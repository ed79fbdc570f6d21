import type { Pod } from './kubernetes-api';
import { NODE } from './node';

let uids = 0;

/** Returns a pod on the node. */
export function pod(
  namespace: string,
  name: string,
  options: {
    readonly controller?: readonly [kind: string, name: string];
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly containers?: readonly string[];
    readonly initContainers?: readonly string[];
    readonly node?: string;
  } = {},
): Pod {
  const uid = `00000000-0000-4000-8000-${`${++uids}`.padStart(12, '0')}`;
  const { controller, labels, annotations, containers = ['main'], initContainers, node = NODE } = options;
  const withImage = (container: string) => ({ name: container, image: 'example' });
  return {
    metadata: {
      name,
      namespace,
      uid,
      labels,
      annotations,
      ownerReferences: controller && [
        { apiVersion: 'apps/v1', kind: controller[0], name: controller[1], uid: `${uid}-owner`, controller: true },
      ],
    },
    spec: {
      nodeName: node,
      containers: containers.map(withImage),
      initContainers: initContainers?.map(withImage),
    },
    // Promtail ignores a pod without an address.
    status: { podIP: '10.0.0.1' },
  };
}
