import type { Stage } from '../../lib/demo-run/stage';
import { waitForMessage } from '../../lib/demo-run/wait';
import { type ExpectedMessage, messageProblems } from './message';
import { assertNone, type Run, secondsSince } from './run';

/** Twice the time that each message normally takes. */
const MESSAGE_TIMEOUT_MS = 240_000;

/** Waits for a message and checks it. @returns the time between `since` and its arrival */
export async function awaitMessage(run: Run, stage: Stage, expected: ExpectedMessage, since: number): Promise<string> {
  const { onProgress, signal } = run;
  const { state, title } = expected;
  const message = await waitForMessage(stage, state, {
    since,
    title,
    timeoutMs: MESSAGE_TIMEOUT_MS,
    onProgress,
    signal,
  });
  assertNone(messageProblems(message, expected));
  return secondsSince(since, message.time);
}
