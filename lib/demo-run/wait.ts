import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient } from '../engines';
import type { SlackMessage } from './slack-message';
import type { OnProgress, Stage } from './stage';

/** Milliseconds between two looks at the inbox. */
const POLL_MS = 1000;

/** How often the state of the alert is told while nothing else happens, in milliseconds. */
const TELL_MS = 10_000;

export interface WaitOptions {
  /** Unix time in milliseconds. */
  readonly since: number;
  /** What the message's title says after the state. @default anything */
  readonly title?: string;
  readonly timeoutMs: number;
  readonly tell: OnProgress;
  /** Ends the wait. @default nothing does */
  readonly signal?: AbortSignal;
}

/**
 * Waits for a Slack message of this state that arrived at `since` or later, and tells meanwhile how the alert is doing.
 * @throws if none comes within `timeoutMs`: with what the alert did instead; at once if it is aborted
 */
export async function waitForMessage(
  stage: Stage,
  state: 'FIRING' | 'RESOLVED',
  options: WaitOptions,
): Promise<SlackMessage> {
  const { since, title: wanted = '', timeoutMs, tell, signal } = options;
  const deadline = Date.now() + timeoutMs;
  let told = Date.now();
  while (Date.now() < deadline) {
    const messages = await stage.messages();
    const found = messages.find(({ title, time }) => time >= since && title.includes(`[${state}] ${wanted}`));
    if (found) return found;
    if (Date.now() - told >= TELL_MS) {
      tell(await alertStates(stage));
      told = Date.now();
    }
    await sleep(POLL_MS, undefined, { signal });
  }
  throw new Error(`no [${state}] message within ${timeoutMs / 1000} s; last seen: ${await alertStates(stage)}`);
}

/** The ruler's alerts that are pending or fire, in one line: `HighLogRate pending: 84.2 for demo/webservice`. */
async function alertStates(stage: Stage): Promise<string> {
  try {
    const groups = await new LokiClient(stage.lokiUrl).rules();
    const active = groups
      .flatMap(({ rules }) => rules)
      .flatMap(({ name, alerts = [] }) =>
        alerts.map(
          ({ state, value, labels }) =>
            `${name} ${state}: ${Number(value).toFixed(1)} for ${labels.namespace}/${labels.app}`,
        ),
      );
    return active.join('; ') || 'all alerts are inactive';
  } catch (error) {
    return `Loki does not answer (${error instanceof Error ? error.message : error})`;
  }
}
