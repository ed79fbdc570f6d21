/**
 * Annotation of a PrometheusRule that sets the language of its expressions. Rules in PromQL are not for Loki, and are
 * skipped.
 */
export const LANGUAGE = { annotation: 'loki-alerts/language', logql: 'logql', promql: 'promql' } as const;
