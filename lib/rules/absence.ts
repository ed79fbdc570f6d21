import type { Duration } from './model';

/*
 * Where no line is logged there is no series, and so no zero: `count_over_time(…) == 0` is never true. These two ask
 * for silence so that it is found.
 */

/**
 * True when nothing at all was logged: `absent_over_time({app="web"} [10m])`. The alert has the labels that the selector
 * fixes with `=`, and no others.
 *
 * @param query stream selector, with stages if need be, for instance `{app="web"} |= "heartbeat"`
 */
export function silent(query: string, range: Duration): string {
  return `absent_over_time(${query} [${range}])`;
}

export interface WentSilentProps {
  /** How long nothing was logged. */
  readonly range: Duration;
  /** How far back something must have been logged; the alert ends by itself when the last line is this old. */
  readonly since: Duration;
  /** Labels that tell one source from another; the alert has them. */
  readonly by: readonly string[];
}

/**
 * True for each source that used to log and stopped, whatever their names:
 * `sum by (app) (count_over_time({app=~".+"} [1d])) unless sum by (app) (count_over_time({app=~".+"} [10m]))`.
 *
 * @param query stream selector, with stages if need be
 */
export function wentSilent(query: string, { range, since, by }: WentSilentProps): string {
  const lines = (time: Duration) => `sum by (${by.join(', ')}) (count_over_time(${query} [${time}]))`;
  return `${lines(since)} unless ${lines(range)}`;
}
