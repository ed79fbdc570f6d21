import { setTimeout as sleep } from 'node:timers/promises';
import { NoAnswer, type RunningEngine } from '../engines';

/** Time to wait for the exit of the process after a lost connection, milliseconds: a busy machine reports it later. */
const EXIT_WAIT_MS = 2000;

/** Lines of the log that contain the reason of an exit. */
const LOG_LINES = 10;

/** Returns the result of the work, or rejects with the reason as soon as Loki exits. */
export function orEnded<T>(work: Promise<T>, loki: Pick<RunningEngine, 'exited' | 'logs'>): Promise<T> {
  const ended = loki.exited.then((how) => {
    const log = loki.logs().split('\n').slice(-LOG_LINES).join('\n');
    throw new Error(`Loki exited during the tests (${how}):\n${log}`);
  });
  const patient = work.catch(async (error: unknown) => {
    // `fetch` throws a TypeError if a response ends in the middle.
    if (error instanceof NoAnswer || error instanceof TypeError) await sleep(EXIT_WAIT_MS);
    throw error;
  });
  return Promise.race([patient, ended]);
}
