import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between polls. */
const POLL_MS = 1000;

export interface UntilOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Polls every second until `poll` returns a value. Errors of `poll` are retried.
 * @param what description for the error 'no <what> within 60 s'
 * @throws on timeout, with the last error of `poll`; or if the wait is aborted
 */
export async function until<T>(
  what: string,
  { timeoutMs, signal }: UntilOptions,
  poll: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last = '';
  for (;;) {
    try {
      const value = await poll();
      if (value !== undefined) return value;
      last = '';
    } catch (error) {
      last = `: ${(error as Error).message}`;
    }
    signal.throwIfAborted();
    if (Date.now() >= deadline) throw new Error(`no ${what} within ${timeoutMs / 1000} s${last}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}
