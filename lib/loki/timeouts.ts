import type { Duration } from '../rules/model';

/** Timeout of responses. Loki ends a query by `query_timeout` long before. */
export const RESPONSE_TIMEOUT: Duration = '10m';

/**
 * Timeout of a query, as in Loki's chart; Loki's default of one minute is too short for a query over a day of a busy
 * app. `RESPONSE_TIMEOUT` is longer, since a query may wait in the queue for the same time.
 */
export const QUERY_TIMEOUT: Duration = '5m';
