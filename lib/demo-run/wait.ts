import { setTimeout as sleep } from 'node:timers/promises';
import type { OnProgress } from '../engines';
import { LokiClient } from '../engines';
import type { SlackMessage } from './slack-message';
import type { Stage } from './stage';

/** Milliseconds between polls of the inbox. */
const POLL_MS = 1000;

/** Milliseconds between reports of the alert's state. */
const REPORT_MS = 10_000;

export interface WaitOptions {
  /** Earliest arrival of the message, as Unix time in milliseconds. */
  readonly since: number;
  /** Text after the state in the message's title. @default any */
  readonly title?: string;
  readonly timeoutMs: number;
  readonly onProgress: OnProgress;
  /** Aborts the wait. @default none */
  readonly signal?: AbortSignal;
}

/**
 * Waits for a Slack message with this state that arrived at `since` or later, and reports the alert's state meanwhile.
 * @throws if none arrives within `timeoutMs`, with the alert's state; or if the wait is aborted
 */
export async function waitForMessage(
  stage: Stage,
  state: 'FIRING' | 'RESOLVED',
  options: WaitOptions,
): Promise<SlackMessage> {
  const { since, title: wanted = '', timeoutMs, onProgress, signal } = options;
  const deadline = Date.now() + timeoutMs;
  let lastReport = Date.now();
  while (Date.now() < deadline) {
    const messages = await stage.messages();
    const found = messages.find(({ title, time }) => time >= since && title.includes(`[${state}] ${wanted}`));
    if (found) return found;
    if (Date.now() - lastReport >= REPORT_MS) {
      onProgress(await alertStates(stage));
      lastReport = Date.now();
    }
    await sleep(POLL_MS, undefined, { signal });
  }
  throw new Error(`no [${state}] message within ${timeoutMs / 1000} s; last seen: ${await alertStates(stage)}`);
}

/** Returns the ruler's pending and firing alerts in one line: `HighLogRate pending: 84.2 for demo/webservice`. */
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
