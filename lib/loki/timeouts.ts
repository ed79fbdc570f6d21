import type { Duration } from '../rules/model';

/** Timeout of responses. Loki ends a query by `query_timeout` long before. */
export const LONGEST_ANSWER: Duration = '10m';

/**
 * Timeout of a query, as in Loki's chart; Loki's default of one minute is too short for a query over a day of a busy
 * app. `LONGEST_ANSWER` is longer, since a query may wait in the queue for the same time.
 */
export const QUERY_TIMEOUT: Duration = '5m';
