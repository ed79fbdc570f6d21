/** Size in bytes at which a batch is sent to Loki; Promtail's default. */
export const BATCH_SIZE = 2 ** 20;

/** Maximum size of a request in bytes: one more line may exceed the batch size. */
export const MAX_BATCH_SIZE = 2 * BATCH_SIZE;
