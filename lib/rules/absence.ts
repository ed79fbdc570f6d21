import type { Duration } from './model';

/*
 * Where no line is logged there is no series, and so no zero: `count_over_time(…) == 0` is never true. These two ask
 * for silence so that it is found.
 */

/** Props of `silent`. */
export interface SilentProps {
  /** Stream selector, with stages if need be, for instance `{app="web"} |= "heartbeat"`. */
  readonly query: string;
  /** Time without a line. */
  readonly range: Duration;
}

/**
 * Returns an expression that is true when nothing at all was logged: `absent_over_time({app="web"} [10m])`. The alert
 * has the labels that the selector fixes with `=`, and no others.
 *
 * @example
 * const noBackups = {
 *   alert: 'NoBackups',
 *   expr: silent({ query: '{app="backup"} |= "finished"', range: '1d' }),
 *   labels: { severity: 'warning' },
 * };
 */
export function silent({ query, range }: SilentProps): string {
  return `absent_over_time(${query} [${range}])`;
}

/** Props of `wentSilent`. */
export interface WentSilentProps extends SilentProps {
  /** Time in which something must have been logged; the alert ends by itself when the last line is this old. */
  readonly since: Duration;
  /** Labels that tell one source from another; the alert has them. */
  readonly by: readonly string[];
}

/**
 * Returns an expression that is true for each source that used to log and stopped, whatever their names:
 * `sum by (app) (count_over_time({app=~".+"} [1d])) unless sum by (app) (count_over_time({app=~".+"} [10m]))`.
 *
 * @example
 * const expr = wentSilent({ query: '{namespace="shop"}', range: '10m', since: '1d', by: ['namespace', 'app'] });
 */
export function wentSilent({ query, range, since, by }: WentSilentProps): string {
  const lines = (time: Duration) => `sum by (${by.join(', ')}) (count_over_time(${query} [${time}]))`;
  return `${lines(since)} unless ${lines(range)}`;
}
