import { CHECKS } from '../../checks';
import { DEFAULT_LOKI, isBetween } from '../../versions/loki';
import { COMMON_COLLECTOR_LABELS } from '../check-options';
import { contradictionChecks } from './contradictions';
import { type ExecutedTemplate, executedTemplates } from './executed-templates';
import { labelChecks } from './labels';
import { lineFilterChecks } from './line-filters';
import { lineFormatChecks } from './line-formats';
import { logfmtExpressionChecks } from './logfmt-expressions';
import { matchingChecks } from './matching';
import { pipelineErrorChecks } from './pipeline-errors';
import type { RuleCheck, RuleProblem, RuleScope } from './rule-check';
import { SOME_VALUE, type TemplateQuery } from './template-query';
import { textChecks } from './texts';
import { timingChecks } from './timing';

/** Checks on expressions that apply to a query of a template too: it has no threshold, and no alerts of its own. */
const IDS: ReadonlySet<string> = new Set([
  ...['never-matches', 'filter-before-parser', 'regexp-double-escape', 'parser-label-repeated', 'regexp-as-text'],
  ...['query-variable', 'anchored-regexp', 'line-filter-simplified', 'line-filter-ip-alternatives'],
  ...['line-filter-order', 'vector-matching', 'vector-matching-many', 'range-beyond-retention', 'pipeline-error'],
  ...['selector-job', 'selector-label-unknown', 'grouping-label-unknown', 'grouping-label-empty'],
  ...['line-format-unread', 'logfmt-expression-empty'],
]);

const EXPRESSION_CHECKS = [
  ...contradictionChecks,
  ...textChecks,
  ...lineFilterChecks,
  ...lineFormatChecks,
  ...logfmtExpressionChecks,
  ...matchingChecks,
  ...timingChecks,
  ...labelChecks,
  ...pipelineErrorChecks,
].filter(({ id }) => IDS.has(id));

/** Checks on the queries that templates send to Loki. */
export const templateQueryChecks: readonly RuleCheck[] = [
  {
    // The checks on expressions have their own ids.
    id: 'template-query',
    *rule(scope) {
      for (const { template, query } of queriesOf(scope)) {
        const failure = failureOf(query);
        if (failure) yield { ...failure, field: template.field };
        for (const problem of problemsOf(scope, query)) yield { ...problem, field: template.field };
      }
    },
  },
  {
    id: 'template-query-quotes',
    *rule(scope) {
      const safe = [...COMMON_COLLECTOR_LABELS, ...(scope.options.collectorLabels ?? [])];
      for (const { template, query } of queriesOf(scope)) {
        for (const { label = '', verb, from } of query.fragile) {
          if (safe.includes(label)) continue;
          yield {
            field: template.field,
            offset: from,
            problem: `the query is invalid if the label "${label}" contains a quote or a backslash, and Loki then replaces the text with an error message`,
            fix: verb ? `use %q without quotes around it instead of ${verb}` : 'use printf, with %q for the label',
          };
        }
      }
    },
  },
];

function queriesOf(scope: RuleScope): { readonly template: ExecutedTemplate; readonly query: TemplateQuery }[] {
  return executedTemplates(scope).flatMap((template) => template.queries.map((query) => ({ template, query })));
}

const EFFECT = 'so Loki replaces the text with an error message';

/** Returns why a query fails each time. */
function failureOf({ expr, problems, unquoted, filled }: TemplateQuery): RuleProblem | undefined {
  if (expr?.kind === 'log') {
    return {
      problem: `the query of a template returns lines, not samples, ${EFFECT}`,
      fix: 'use a metric query: to show lines, count them by a label that has the line',
      offset: filled.offsets[expr.selector.from],
    };
  }
  const [first] = problems;
  if (first) {
    const { problem, fix, from } = first;
    return { problem: `invalid query in a template: ${masked(problem)}, ${EFFECT}`, fix, offset: filled.offsets[from] };
  }
  if (unquoted) {
    const { verb = 'the template', label, from } = unquoted;
    return {
      problem: `invalid query in a template: ${verb} writes the label "${label}" without quotes, ${EFFECT}`,
      fix: 'use printf, with %q for the label',
      offset: from,
    };
  }
  return undefined;
}

/** Problems of the expression that do not depend on the values in it. */
function* problemsOf(scope: RuleScope, { expr, filled, problems }: TemplateQuery): Iterable<RuleProblem> {
  if (!expr || expr.kind === 'log' || problems.length > 0) return;
  const version = scope.options.lokiVersion ?? DEFAULT_LOKI;
  const inner: RuleScope = {
    ...scope,
    rule: { alert: scope.rule.alert ?? '', expr: filled.text },
    query: expr,
    queryProblems: [],
  };
  for (const check of EXPRESSION_CHECKS) {
    const { since, until } = CHECKS[check.id];
    if (!isBetween(version, since?.loki, until?.loki)) continue;
    for (const { problem, fix, offset = 0, once } of check.rule?.(inner) ?? []) {
      if (problem.includes(SOME_VALUE)) continue;
      const nested = NESTED.exec(problem);
      if (nested) {
        yield { id: check.id, ...nestedTemplate(nested), offset: filled.offsets[offset] };
        continue;
      }
      // Only the query fails: the alert fires.
      const about = problem
        .replace(/the (whole )?rule fails\b/g, 'the query fails')
        .replace(/fails the whole rule\b/g, 'fails the query');
      const place = { offset: filled.offsets[offset], once };
      yield { id: check.id, problem: `in the query of a template: ${about}`, fix, ...place };
    }
  }
}

/** The problem of `query-variable` with a template. */
const NESTED = /^"(\{\{-?\s*([.$][\w.]+).*?\}\})" is not replaced/;

function nestedTemplate([, template, value]: RegExpExecArray) {
  return {
    problem: `in the query of a template: "${template}" is not replaced: templates cannot be nested`,
    fix: `use printf, with %q without quotes around it: query (printf \`…=%q…\` ${value})`,
  };
}

function masked(problem: string): string {
  return problem.replaceAll(SOME_VALUE, '…');
}
