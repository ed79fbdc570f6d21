import type { Duration } from './model';

/*
 * Without log lines there is no series, and so no zero: `count_over_time(…) == 0` is never true. These two functions
 * write expressions that are true when logs are missing.
 */

/** Props of `silent`. */
export interface SilentProps {
  /** Stream selector, optionally with stages, for instance `{app="web"} |= "heartbeat"`. */
  readonly query: string;
  /** Time without log lines after which the expression is true. */
  readonly range: Duration;
}

/**
 * Returns an expression that is true when nothing at all was logged: `absent_over_time({app="web"} [10m])`. The alert
 * has only the labels that the selector matches with `=`.
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
  /** Time in which a source must have logged; the alert resolves when the last line is older than this. */
  readonly since: Duration;
  /** Labels that identify a source; the alert has them. */
  readonly by: readonly string[];
}

/**
 * Returns an expression that is true for each source that used to log and stopped, without a list of sources:
 * `sum by (app) (count_over_time({app=~".+"} [1d])) unless sum by (app) (count_over_time({app=~".+"} [10m]))`.
 *
 * @example
 * const expr = wentSilent({ query: '{namespace="shop"}', range: '10m', since: '1d', by: ['namespace', 'app'] });
 */
export function wentSilent({ query, range, since, by }: WentSilentProps): string {
  const lines = (time: Duration) => `sum by (${by.join(', ')}) (count_over_time(${query} [${time}]))`;
  return `${lines(since)} unless ${lines(range)}`;
}
