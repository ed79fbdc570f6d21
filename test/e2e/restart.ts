import { setTimeout as sleep } from 'node:timers/promises';
import { kubectl } from '../../lib/demo-run/kubectl';
import type { Stage } from '../../lib/demo-run/stage';
import { LokiClient } from '../../lib/engines';
import { compareNumbers, floodNumbers, storedNumbers } from './flood-numbers';
import { podOf, type StackPod, stackPods } from './pods';
import { type Run, secondsSince } from './run';
import { until } from './until';

/** Duration of the flood after Loki is ready again, before lines are counted, in milliseconds. */
const FLOOD_AFTER_RESTART_MS = 10_000;

/** Promtail retries within a minute. */
const ARRIVAL_TIMEOUT_MS = 90_000;

/** The `for` of the rule starts again in the new process. */
const FIRING_TIMEOUT_MS = 180_000;

/** Deletes Loki's pod and waits for the new one. */
export async function restartLoki({ signal }: Run): Promise<string> {
  const start = Date.now();
  const { namespace, name, uid } = podOf(await stackPods(), 'loki');
  await kubectl('delete', 'pod', name, `--namespace=${namespace}`);
  await kubectl('rollout', 'status', 'statefulset/loki', `--namespace=${namespace}`, '--timeout=120s');
  signal.throwIfAborted();
  if (podOf(await stackPods(), 'loki').uid === uid) throw new Error(`${name} was not replaced`);
  return `ready again after ${secondsSince(start)}`;
}

/** Checks that Loki has all lines that the web service logged before, during and after the restart. */
export async function checkNoLinesLost({ signal }: Run, stage: Stage, since: number): Promise<string> {
  await sleep(FLOOD_AFTER_RESTART_MS, undefined, { signal });
  const service = podOf(await stackPods(), 'webservice');
  const logged = floodNumbers(await logOf(service));
  const [first, last] = [Math.min(...logged), Math.max(...logged)];
  const selector = `{namespace="${service.namespace}", pod="${service.name}"}`;
  const numbers = () => storedNumbers(stage.lokiUrl, selector, since, Date.now() + 1000);
  const stored = await until(`line ${last} in Loki`, { timeoutMs: ARRIVAL_TIMEOUT_MS, signal }, async () => {
    const held = await numbers();
    return held.includes(last) ? held : undefined;
  });
  const { logged: count, lost, duplicates } = compareNumbers(logged, stored, { first, last });
  if (lost.length > 0) throw new Error(`${lost.length} of ${count} lines are lost, the first one is ${lost[0]}`);
  return `${count} lines from ${first} to ${last}, none lost, ${duplicates} duplicates`;
}

/** Checks that the new process fires the alert again, and that no resolved message was sent meanwhile. */
export async function checkAlertFiresAgain({ signal }: Run, stage: Stage, alert: string): Promise<string> {
  const start = Date.now();
  const loki = new LokiClient(stage.lokiUrl);
  await until(`firing '${alert}'`, { timeoutMs: FIRING_TIMEOUT_MS, signal }, async () => {
    const rules = (await loki.rules()).flatMap((group) => group.rules);
    return rules.find(({ name, state }) => name === alert && state === 'firing');
  });
  const early = (await stage.messages()).filter(({ title }) => title.includes('[RESOLVED]'));
  if (early.length > 0) throw new Error(`'${early[0]?.title}' was sent during the flood`);
  return `fires again ${secondsSince(start)} after the count, without a resolved message`;
}

/** Returns the log of a pod's container, as the kubelet keeps it. */
function logOf({ name, namespace }: StackPod): Promise<string> {
  return kubectl('logs', name, `--namespace=${namespace}`);
}
