import type { BinaryOperation, Expr, PipelineStage, RangeAggregation, VectorAggregation } from '../../logql';
import { isAlert } from '../model';
import { isTrueForEvents, rangesOf } from './queries';
import type { RuleCheck } from './rule-check';

/** Checks on which series an expression returns. */
export const seriesChecks: readonly RuleCheck[] = [
  {
    id: 'series-per-line',
    *rule({ query }) {
      for (const range of query ? splitByFields(query) : []) {
        yield { field: ['expr'], offset: range.from, ...perLine(range) };
      }
    },
  },
  {
    id: 'topk-alert',
    *rule({ rule, query }) {
      const ranking = query && isAlert(rule) ? rankingOf(query) : undefined;
      if (!ranking) return;
      yield {
        field: ['expr'],
        offset: ranking.from,
        problem: `a series that leaves the ${ranking.operation} resolves its alert although its value has not changed, and "for" starts again when it returns`,
        fix: 'remove it, and choose a threshold',
      };
    },
  },
];

/** Outer aggregations whose result does not depend on how the lines are split into series. */
const COMBINED_BY: Readonly<Record<string, readonly string[]>> = {
  count_over_time: ['sum', 'count'],
  rate: ['sum', 'count'],
  bytes_over_time: ['sum', 'count'],
  bytes_rate: ['sum', 'count'],
  sum_over_time: ['sum', 'count'],
  max_over_time: ['max', 'count'],
  min_over_time: ['min', 'count'],
  // The average of one line is its value.
  avg_over_time: ['avg'],
  first_over_time: ['sum', 'max', 'min', 'avg', 'count'],
  last_over_time: ['sum', 'max', 'min', 'avg', 'count'],
};

/** Range aggregations that return a series for each combination of all parsed fields. */
function splitByFields(expr: Expr): RangeAggregation[] {
  switch (expr.kind) {
    case 'range':
      return isSplit(expr) ? [expr] : [];
    case 'aggregation': {
      const inner = splitByFields(expr.operand);
      return expr.grouping?.without
        ? inner
        : inner.filter(({ operation }) => !COMBINED_BY[operation]?.includes(expr.operation));
    }
    case 'label-replace':
      return splitByFields(expr.operand);
    case 'binary':
      return isHarmless(expr) ? [] : [...splitByFields(expr.left), ...splitByFields(expr.right)];
    default:
      return [];
  }
}

/** True for a threshold that one line reaches, if there are not many series: `max(count_over_time(…)) > 0`. */
function isHarmless({ operator, left, right }: BinaryOperation): boolean {
  const isCombined = left.kind === 'aggregation' && !left.grouping?.without && !RANKING.test(left.operation);
  return isCombined && right.kind === 'number' && isTrueForEvents(left, operator, right.value);
}

const RANKING = /topk|bottomk/;

function isSplit({ operation, range, grouping }: RangeAggregation): boolean {
  if (operation === 'absent_over_time' || (grouping && !grouping.without)) return false;
  const last = range.stages.findLastIndex(extractsAllFields);
  return last >= 0 && !range.stages.slice(last).some(({ kind }) => kind === 'keep');
}

function extractsAllFields(stage: PipelineStage): boolean {
  // The labels of `unpack` are those that the collector packed, which are few.
  return (
    stage.kind === 'parser' &&
    stage.parser !== 'unpack' &&
    stage.captures.length === 0 &&
    stage.extractions.length === 0
  );
}

/** Range aggregations that support grouping: `GROUPING_ALLOWED` of lib/logql/checks.ts. */
const GROUPABLE = /^(avg|stddev|stdvar|quantile|max|min|first|last)_over_time$/;

function perLine({ operation, range }: RangeAggregation) {
  const parser = range.stages.findLast(extractsAllFields);
  const name = parser?.kind === 'parser' ? parser.parser : 'json';
  return {
    problem:
      'the parser makes each combination of field values a separate series, often one for each line, so a threshold applies to single lines, and more than 500 series fail the rule (max_query_series)',
    fix: GROUPABLE.test(operation)
      ? `group by the labels that the alert needs: ${operation}(…) by (app)`
      : `aggregate: sum by (app) (${operation}(…)), or extract only the fields that you need: | ${name} level`,
  };
}

/**
 * The `topk` or `bottomk` whose series become alerts. Not that of `firstSeen`: series that are not in an earlier range
 * are events, which leave the result in any case, and the ranking only limits their number.
 */
function rankingOf(expr: Expr): VectorAggregation | undefined {
  switch (expr.kind) {
    case 'aggregation':
      return RANKING.test(expr.operation) && !isFirstSeen(expr.operand) ? expr : undefined;
    case 'label-replace':
      return rankingOf(expr.operand);
    case 'binary':
      return rankingOf(expr.left) ?? rankingOf(expr.right);
    default:
      return undefined;
  }
}

/** True for `a unless b`, where `b` contains earlier ranges only. */
function isFirstSeen(expr: Expr): boolean {
  if (expr.kind === 'aggregation') return isFirstSeen(expr.operand);
  if (expr.kind !== 'binary' || expr.operator !== 'unless') return false;
  const ranges = rangesOf(expr.right);
  return (
    isFirstSeen(expr.left) || (ranges.length > 0 && ranges.every(({ offsetMilliseconds }) => offsetMilliseconds > 0))
  );
}
