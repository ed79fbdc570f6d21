import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks. */
const POLL_MS = 1000;

export interface UntilOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Looks every second until there is something to return. A look that throws counts as nothing seen yet.
 * @param what what is awaited, as in 'no <what> within 60 s'
 * @throws after the timeout, with the last look's error if there was one; at once if aborted
 */
export async function until<T>(
  what: string,
  { timeoutMs, signal }: UntilOptions,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last = '';
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined) return seen;
      last = '';
    } catch (error) {
      last = `: ${(error as Error).message}`;
    }
    signal.throwIfAborted();
    if (Date.now() >= deadline) throw new Error(`no ${what} within ${timeoutMs / 1000} s${last}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}
