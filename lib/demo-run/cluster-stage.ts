import type { OnProgress } from '../engines';
import { type Manifest, namespaceOf } from '../kubernetes-objects/dist';
import { kubectl, portForward } from './kubectl';
import { readInboxLog } from './slack-message';
import type { Stage } from './stage';

/** Workload kinds with a rollout status. */
export const ROLLED_OUT = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** Timeout for one workload: image pulls on a slow connection take most of it. */
const ROLLOUT_TIMEOUT = '300s';

export interface ClusterStage extends Stage {
  /** Ends the port-forward. */
  stop(): void;
}

/** Applies the folder to the current context and waits for every rollout. @throws with kubectl's message */
export async function applyDist(folder: string, manifests: readonly Manifest[], onProgress: OnProgress): Promise<void> {
  const applied = await kubectl('apply', '-f', folder);
  onProgress(`${applied.trim().split('\n').length} objects applied`);
  await waitForRollouts(manifests, onProgress);
}

/** Waits for the rollout of every workload in the manifests. @throws with kubectl's message */
export async function waitForRollouts(manifests: readonly Manifest[], onProgress: OnProgress): Promise<void> {
  for (const { kind, metadata } of manifests.filter((manifest) => ROLLED_OUT.includes(manifest.kind))) {
    const workload = `${kind.toLowerCase()}/${metadata.name}`;
    await kubectl('rollout', 'status', workload, `--namespace=${metadata.namespace}`, `--timeout=${ROLLOUT_TIMEOUT}`);
    onProgress(`${metadata.namespace}/${metadata.name} is running`);
  }
}

/** Deletes all objects in the folder and waits until they are gone. */
export async function deleteDist(folder: string): Promise<void> {
  await kubectl('delete', '-f', folder, '--ignore-not-found');
}

/** Returns the stack in the cluster of the current context. @throws if Loki can't be reached */
export async function clusterStage(context: string, manifests: readonly Manifest[]): Promise<ClusterStage> {
  const demo = namespaceOf(manifests, 'Deployment', 'slack-inbox');
  const loki = await portForward(namespaceOf(manifests, 'Service', 'loki'), 'loki', 3100);
  return {
    name: `the cluster of context '${context}'`,
    lokiUrl: loki.url,
    stop: loki.stop,
    stopFlood: async () => {
      await kubectl('scale', 'deployment/http-client', '--replicas=0', `--namespace=${demo}`);
    },
    messages: async () => readInboxLog(await kubectl('logs', 'deployment/slack-inbox', `--namespace=${demo}`)),
  };
}
