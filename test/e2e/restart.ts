import { setTimeout as sleep } from 'node:timers/promises';
import { kubectl } from '../../lib/demo-run/kubectl';
import type { Stage } from '../../lib/demo-run/stage';
import { LokiClient } from '../../lib/engines';
import { compareNumbers, floodNumbers, storedNumbers } from './flood-numbers';
import { podOf, type StackPod, stackPods } from './pods';
import { type Run, secondsSince } from './run';
import { until } from './until';

/** How long the flood goes on after Loki is back before lines are counted. */
const FLOOD_ON_MS = 10_000;

/** Promtail tries again after a minute at the latest. */
const ARRIVAL_TIMEOUT_MS = 90_000;

/** The rule's `for` starts anew in the new process. */
const FIRING_TIMEOUT_MS = 180_000;

/** Deletes Loki's pod and waits for its successor. */
export async function restartLoki({ signal }: Run): Promise<string> {
  const start = Date.now();
  const { namespace, name, uid } = podOf(await stackPods(), 'loki');
  await kubectl('delete', 'pod', name, `--namespace=${namespace}`);
  await kubectl('rollout', 'status', 'statefulset/loki', `--namespace=${namespace}`, '--timeout=120s');
  signal.throwIfAborted();
  if (podOf(await stackPods(), 'loki').uid === uid) throw new Error(`${name} is still the pod that was deleted`);
  return `ready again after ${secondsSince(start)}`;
}

/** Counts what the web service has logged since it started, from before the restart to after it, in Loki. */
export async function nothingIsLost({ signal }: Run, stage: Stage, since: number): Promise<string> {
  await sleep(FLOOD_ON_MS, undefined, { signal });
  const service = podOf(await stackPods(), 'webservice');
  const logged = floodNumbers(await logOf(service));
  const [first, last] = [Math.min(...logged), Math.max(...logged)];
  const selector = `{namespace="${service.namespace}", pod="${service.name}"}`;
  const numbers = () => storedNumbers(stage.lokiUrl, selector, since, Date.now() + 1000);
  const stored = await until(`line ${last} in Loki`, { timeoutMs: ARRIVAL_TIMEOUT_MS, signal }, async () => {
    const held = await numbers();
    return held.includes(last) ? held : undefined;
  });
  const { logged: count, lost, twice } = compareNumbers(logged, stored, { first, last });
  if (lost.length > 0) throw new Error(`${lost.length} of ${count} lines are lost, the first is ${lost[0]}`);
  return `${count} lines from ${first} to ${last}, lost 0, twice ${twice}`;
}

/** The new process must find the flood by itself, and nobody may have heard that it was over. */
export async function alertGoesOn({ signal }: Run, stage: Stage, alert: string): Promise<string> {
  const start = Date.now();
  const loki = new LokiClient(stage.lokiUrl);
  await until(`firing '${alert}'`, { timeoutMs: FIRING_TIMEOUT_MS, signal }, async () => {
    const rules = (await loki.rules()).flatMap((group) => group.rules);
    return rules.find(({ name, state }) => name === alert && state === 'firing');
  });
  const early = (await stage.messages()).filter(({ title }) => title.includes('[RESOLVED]'));
  if (early.length > 0) throw new Error(`'${early[0]?.title}' came while the flood went on`);
  return `fires again ${secondsSince(start)} after the count, no message said that it was over`;
}

/** All that a pod's container has logged, as its kubelet keeps it. */
function logOf({ name, namespace }: StackPod): Promise<string> {
  return kubectl('logs', name, `--namespace=${namespace}`);
}
