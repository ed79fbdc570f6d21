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
];
