import type { Duration } from '../rules/model';

/** How long a client waits at most for what it asked. A query is ended by its `query_timeout`, long before. */
export const LONGEST_ANSWER: Duration = '10m';

/**
 * Longest time that a query may take, as in Loki's chart; its own minute ends a query over a day of a busy app.
 * `LONGEST_ANSWER` leaves room for one that waits in the queue as long.
 */
export const QUERY_TIMEOUT: Duration = '5m';
