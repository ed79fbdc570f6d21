/** Regular expression for the label `app` of Loki, as one process and as targets of their own. */
export const LOKI_APPS = 'loki|loki-.+';
