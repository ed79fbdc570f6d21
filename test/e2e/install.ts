import { deleteDist, ROLLED_OUT, waitForRollouts } from '../../lib/demo-run/cluster-stage';
import { kubectl } from '../../lib/demo-run/kubectl';
import { changes, remains } from './objects';
import { assertNone, type Run, secondsSince } from './run';
import { until } from './until';

/** Longest time that volumes take to go after their claims: a pod of the provisioner empties each. */
const REMAINS_TIMEOUT_MS = 60_000;

/** The first apply. A warning of the API server, such as that of Pod Security, is an error. */
export async function applyStrictly({ dist }: Run): Promise<string> {
  const answer = await kubectl('apply', '--validate=strict', '--warnings-as-errors', '-f', dist);
  const made = answer.trim().split('\n');
  assertNone(made.filter((line) => !line.endsWith(' created')));
  return `${made.length} objects created`;
}

/** What anybody would look at before an update. */
export async function dryRun({ dist }: Run): Promise<string> {
  const arguments_ = ['--dry-run=server', '--validate=strict', '--warnings-as-errors', '-f', dist];
  assertNone(changes(await kubectl('apply', ...arguments_)));
  return 'clean';
}

export async function rollouts({ manifests, tell }: Run): Promise<string> {
  await waitForRollouts(manifests, tell);
  return `${manifests.filter(({ kind }) => ROLLED_OUT.includes(kind)).length} rollouts complete`;
}

/** Takes back what the story changed, then applies once more. */
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
    left = await remains(dist, manifests);
    return left.length === 0 || undefined;
  };
  await until('empty cluster', { timeoutMs: REMAINS_TIMEOUT_MS, signal }, nothing).catch((error) => {
    throw new Error(`${error.message}: ${left.join(', ')}`);
  });
  return `gone after ${secondsSince(start)}`;
}
