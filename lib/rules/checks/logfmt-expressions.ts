import { type LogfmtFault, logfmtFaults } from '../../logql';
import type { RuleCheck } from './rule-check';

/** Check on `logfmt` with expressions, which leaves labels empty in many aggregations. Measured on Loki 3.7.8. */
export const logfmtExpressionChecks: readonly RuleCheck[] = [
  {
    id: 'logfmt-expression-empty',
    *rule({ query }) {
      for (const fault of query ? logfmtFaults(query) : []) {
        yield { field: ['expr'], offset: fault.from, ...problemOf(fault) };
      }
    },
  },
];

function problemOf({ cause, extraction: { label, expression } }: LogfmtFault) {
  const remedy = 'use the parser without expressions, and the names of the fields: | logfmt';
  return cause === 'renamed'
    ? {
        problem: `Loki does not read the field "${expression}" in this aggregation, so the label "${label}" is always empty`,
        fix: label === expression ? remedy : `${remedy} | label_format ${label}=${expression}`,
      }
    : {
        problem: `Loki reads only the first of these fields in a line, so the label "${label}" is empty if another one comes before it`,
        fix: remedy,
      };
}
