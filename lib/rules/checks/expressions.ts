import type { Check } from './check';

/** What Loki makes of the expression. */
export const expressionChecks: readonly Check[] = [
  {
    id: 'expr-missing',
    severity: 'error',
    *rule({ rule }) {
      if (!rule.expr) yield { message: "has no expression and Loki refuses the whole file; add 'expr:'" };
    },
  },
  {
    id: 'logql',
    severity: 'error',
    *rule({ queryProblems }) {
      for (const { id, message, from } of queryProblems) yield { id, message, field: ['expr'], offset: from };
    },
  },
  {
    id: 'log-query',
    severity: 'error',
    *rule({ query }) {
      if (query?.kind !== 'log') return;
      yield {
        field: ['expr'],
        message:
          "this selects log lines, and a rule needs numbers: Loki loads it, and every evaluation fails with 'rule result is not a vector or scalar'; count the lines, for instance 'count_over_time(… [5m]) > 0'",
      };
    },
  },
];
