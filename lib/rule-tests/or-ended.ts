import { setTimeout as sleep } from 'node:timers/promises';
import { NoAnswer, type RunningEngine } from '../engines';

/** Milliseconds. A cut connection is often seen before the end of the process that cut it; on a busy machine, long before. */
const END_SEEN_WITHIN = 2000;

/** Lines of an engine's log that tell why it ended. */
const LAST_WORDS = 10;

/** The work, which fails at once, and with the reason, when Loki ends in the middle. */
export function orEnded<T>(work: Promise<T>, loki: Pick<RunningEngine, 'exited' | 'logs'>): Promise<T> {
  const ended = loki.exited.then((how) => {
    const lastWords = loki.logs().split('\n').slice(-LAST_WORDS).join('\n');
    throw new Error(`Loki ended in the middle of the tests (${how}):\n${lastWords}`);
  });
  const patient = work.catch(async (error: unknown) => {
    // `fetch` throws a TypeError if a response ends in the middle.
    if (error instanceof NoAnswer || error instanceof TypeError) await sleep(END_SEEN_WITHIN);
    throw error;
  });
  return Promise.race([patient, ended]);
}
