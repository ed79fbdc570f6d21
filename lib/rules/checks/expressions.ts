import type { RuleCheck } from './rule-check';

/** What Loki makes of the expression. */
export const expressionChecks: readonly RuleCheck[] = [
  {
    id: 'expr-missing',
    *rule({ rule }) {
      if (!rule.expr) yield { problem: 'missing field "expr"', fix: 'add the LogQL expression' };
    },
  },
  {
    // The parser names the check that each problem belongs to.
    id: 'logql-syntax',
    *rule({ queryProblems }) {
      for (const { from, to: _to, ...problem } of queryProblems) yield { ...problem, field: ['expr'], offset: from };
    },
  },
];
