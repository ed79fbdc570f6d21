import { deleteDist, ROLLED_OUT, waitForRollouts } from '../../lib/demo-run/cluster-stage';
import { kubectl } from '../../lib/demo-run/kubectl';
import { changes, remainingObjects } from './objects';
import { assertNone, type Run, secondsSince } from './run';
import { until } from './until';

/** Timeout for the deletion of volumes after their claims: a pod of the provisioner clears each. */
const DELETION_TIMEOUT_MS = 60_000;

/** Applies the manifests for the first time. Warnings of the API server, such as those of Pod Security, are errors. */
export async function applyStrictly({ dist }: Run): Promise<string> {
  const answer = await kubectl('apply', '--validate=strict', '--warnings-as-errors', '-f', dist);
  const made = answer.trim().split('\n');
  assertNone(made.filter((line) => !line.endsWith(' created')));
  return `${made.length} objects created`;
}

/** Checks that a dry run, as before an update, reports no changes. */
export async function dryRun({ dist }: Run): Promise<string> {
  const arguments_ = ['--dry-run=server', '--validate=strict', '--warnings-as-errors', '-f', dist];
  assertNone(changes(await kubectl('apply', ...arguments_)));
  return 'clean';
}

export async function rollouts({ manifests, onProgress }: Run): Promise<string> {
  await waitForRollouts(manifests, onProgress);
  return `${manifests.filter(({ kind }) => ROLLED_OUT.includes(kind)).length} rollouts complete`;
}

/** Reverts the changes of the scenario, then applies again. */
export async function applyTwice({ dist }: Run): Promise<string> {
  await kubectl('apply', '-f', dist);
  const again = await kubectl('apply', '-f', dist);
  assertNone(changes(again));
  return `${again.trim().split('\n').length} objects unchanged`;
}

export async function deleteAll({ dist, manifests, signal }: Run): Promise<string> {
  const start = Date.now();
  await deleteDist(dist);
  let left: string[] = [];
  const nothing = async () => {
    left = await remainingObjects(dist, manifests);
    return left.length === 0 || undefined;
  };
  await until('empty cluster', { timeoutMs: DELETION_TIMEOUT_MS, signal }, nothing).catch((error) => {
    throw new Error(`${error.message}: ${left.join(', ')}`);
  });
  return `deleted after ${secondsSince(start)}`;
}
