/**
 * Annotation of a PrometheusRule that says what its expressions are written in. Those in PromQL are not for Loki, and are
 * not read as if they were.
 */
export const LANGUAGE = { annotation: 'loki-alerts/language', promql: 'promql' } as const;
