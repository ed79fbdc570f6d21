/** Regular expression for the label `app` of Loki, as one process and as separate targets. */
export const LOKI_APPS = 'loki|loki-.+';
