import type { RuleCheck } from './rule-check';

/** Checks on the expression itself. */
export const expressionChecks: readonly RuleCheck[] = [
  {
    id: 'expr-missing',
    *rule({ rule }) {
      if (!rule.expr) yield { problem: 'missing field "expr"', fix: 'add the LogQL expression' };
    },
  },
  {
    // Each problem of the parser has the id of its own check.
    id: 'logql-syntax',
    *rule({ queryProblems }) {
      for (const { from, to: _to, ...problem } of queryProblems) yield { ...problem, field: ['expr'], offset: from };
    },
  },
];
