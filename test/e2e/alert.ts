import type { Stage } from '../../lib/demo-run/stage';
import { waitForMessage } from '../../lib/demo-run/wait';
import { type ExpectedMessage, wrongMessage } from './message';
import { assertNone, type Run, secondsSince } from './run';

/** Twice the time that each message takes when all goes well. */
const MESSAGE_TIMEOUT_MS = 240_000;

/** Waits for a message and looks into it. @returns how long after `since` it came */
export async function awaitMessage(run: Run, stage: Stage, expected: ExpectedMessage, since: number): Promise<string> {
  const { tell, signal } = run;
  const { state, title } = expected;
  const message = await waitForMessage(stage, state, { since, title, timeoutMs: MESSAGE_TIMEOUT_MS, tell, signal });
  assertNone(wrongMessage(message, expected));
  return secondsSince(since, message.time);
}
