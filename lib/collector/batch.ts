/** Bytes that make a request to Loki; Promtail's own default. */
export const BATCH_SIZE = 2 ** 20;

/** Bytes of the largest request, as one line more may make of it. */
export const LARGEST_BATCH = 2 * BATCH_SIZE;
