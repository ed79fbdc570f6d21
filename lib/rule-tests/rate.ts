import { durationMs } from '../text/duration';

const NS_PER_MS = 1e6;

/**
 * Returns the nanoseconds between lines at a rate such as `120/s`, `30/m` or `0.5/h`; undefined if it is not a rate
 * above 0.
 */
export function parseRate(text: string): number | undefined {
  const [, count = '0', unit = ''] = /^(\d+(?:\.\d+)?)\/(s|m|h)$/.exec(text) ?? [];
  return Number(count) > 0 ? ((durationMs(`1${unit}`) ?? 0) * NS_PER_MS) / Number(count) : undefined;
}
