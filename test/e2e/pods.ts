import { kubectl } from '../../lib/demo-run/kubectl';

/** A running pod of the stack, with its only container. */
export interface StackPod {
  readonly namespace: string;
  readonly name: string;
  /** Label `app.kubernetes.io/name`. */
  readonly app: string;
  readonly uid: string;
  readonly ip: string;
  readonly node: string;
  readonly container: string;
  /** First port of the container. */
  readonly port?: number;
  readonly restarts: number;
}

/** Fields of a pod that this test reads. */
interface PodObject {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly nodeName: string;
    readonly containers: readonly { readonly name: string; readonly ports?: readonly { containerPort: number }[] }[];
  };
  readonly status: {
    readonly podIP: string;
    readonly containerStatuses?: readonly { readonly restartCount: number }[];
  };
}

/** Returns the pods of the stack, without terminating ones. */
export async function stackPods(): Promise<StackPod[]> {
  const selector = 'app.kubernetes.io/part-of=log-alerting';
  const { items } = JSON.parse(await kubectl('get', 'pods', '--all-namespaces', '-l', selector, '-o', 'json')) as {
    items: readonly PodObject[];
  };
  return items.filter(({ metadata }) => !metadata.deletionTimestamp).map(stackPod);
}

/** Returns the only pod of an app. @throws if there is none or more than one */
export function podOf(pods: readonly StackPod[], app: string): StackPod {
  const [pod, ...others] = pods.filter((candidate) => candidate.app === app);
  if (!pod || others.length > 0) throw new Error(`expected one pod of ${app}, got ${pod ? others.length + 1 : 0}`);
  return pod;
}

function stackPod({ metadata, spec, status }: PodObject): StackPod {
  const [container] = spec.containers;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    app: metadata.labels['app.kubernetes.io/name'] ?? '',
    uid: metadata.uid,
    ip: status.podIP,
    node: spec.nodeName,
    container: container?.name ?? '',
    port: container?.ports?.[0]?.containerPort,
    restarts: status.containerStatuses?.[0]?.restartCount ?? 0,
  };
}
