import type {
  Expr,
  Grouping,
  LabelComparison,
  LabelFilterExpr,
  LabelMatcher,
  PipelineStage,
  RangeAggregation,
} from './syntax';
import { walk } from './walk';

export const ERROR = '__error__';

export interface EarlyFilter {
  readonly filter: LabelComparison | LabelMatcher;
  readonly from: number;
}

/**
 * Hints that Loki derives from the whole expression before it runs a pipeline: `NewParserHint` in
 * pkg/logql/log/parser_hints.go.
 */
export interface Hints {
  /** True if parsers are skipped, because no label is used. */
  readonly noLabels: boolean;
  /**
   * Filters on a single label, anywhere in the pipeline: parsers run them too, as soon as they set the label, so that a
   * value of the wrong type fails there. None if the aggregation groups by labels.
   */
  readonly early: readonly EarlyFilter[];
  /**
   * Labels that parsers extract, because stages or the aggregation use them.
   * @default none, parsers extract all labels
   */
  readonly required?: ReadonlySet<string>;
  /** True if errors of parsers do not fail the query, because a filter or grouping uses `__error__`. */
  readonly preserveErrors: boolean;
}

/**
 * Stages that Loki runs: it removes a `line_format` whose line is not used (pkg/logql/optimize.go), so that the labels
 * in its template do not count.
 */
function usedStages({ operation, range }: RangeAggregation): readonly PipelineStage[] {
  if (operation === 'bytes_over_time' || operation === 'bytes_rate') return range.stages;
  const lastReader = range.stages.findLastIndex(({ kind }) => kind === 'parser' || kind === 'line-filter');
  return range.stages.filter(({ kind }, index) => kind !== 'line-format' || index < lastReader);
}

/** `canInjectVectorGrouping` in pkg/logql/syntax/ast.go. */
const SUMMED: ReadonlySet<string> = new Set([
  'bytes_over_time',
  'bytes_rate',
  'sum_over_time',
  'rate',
  'count_over_time',
]);

/**
 * Hints of every range aggregation in an expression.
 *
 * A `sum` passes its grouping to the range aggregation in it; without `by`, that is a grouping by no labels.
 */
export function pipelineHints(expr: Expr): ReadonlyMap<Expr, Hints> {
  const hints = new Map<Expr, Hints>();
  for (const at of walk(expr)) {
    if (at.kind === 'aggregation' && at.operand.kind === 'range' && takesGrouping(at.operation, at.operand)) {
      hints.set(at.operand, hintsOf(at.operand, at.grouping ?? NO_LABELS));
    }
    if (at.kind === 'range' && !hints.has(at)) hints.set(at, hintsOf(at, at.grouping));
  }
  return hints;
}

const NO_LABELS: Pick<Grouping, 'without' | 'labels'> = { without: false, labels: [] };

function takesGrouping(operation: string, range: RangeAggregation): boolean {
  return operation === 'sum' && SUMMED.has(range.operation) && !range.grouping;
}

function hintsOf(aggregation: RangeAggregation, grouping?: typeof NO_LABELS): Hints {
  const { operation, range } = aggregation;
  const by = grouping && !grouping.without ? grouping.labels : undefined;
  const byNone = operation === 'absent_over_time' || by?.length === 0;
  const byLabels = !byNone && by !== undefined;
  const required = new Set([
    ...usedStages(aggregation).flatMap(requiredLabels),
    ...(range.unwrap ? [range.unwrap.label, ...range.unwrap.filters.flatMap(filterLabels)] : []),
    ...(by ?? []),
  ]);
  return {
    noLabels: byNone && required.size === 0,
    early: byLabels ? [] : range.stages.flatMap(earlyFilters),
    preserveErrors: required.has(ERROR) && (byNone || byLabels),
    ...(required.size > 0 && (byNone || byLabels) && { required }),
  };
}

function earlyFilters(stage: PipelineStage): EarlyFilter[] {
  return stage.kind === 'label-filter' && !('left' in stage.filter) ? [{ filter: stage.filter, from: stage.from }] : [];
}

function requiredLabels(stage: PipelineStage): string[] {
  switch (stage.kind) {
    case 'label-filter':
      return filterLabels(stage.filter);
    case 'line-format':
      return templateFields(stage.template.value);
    case 'label-format':
      return stage.labels.flatMap(({ rename, template }) =>
        rename === undefined ? templateFields(template?.value ?? '') : [rename],
      );
    default:
      return [];
  }
}

/** Labels that a filter uses. No recursion: a query may chain as many as its length allows. */
export function filterLabels(filter: LabelFilterExpr): string[] {
  const pending = [filter];
  const labels: string[] = [];
  for (let at = pending.pop(); at; at = pending.pop()) {
    if ('left' in at) pending.push(at.left, at.right);
    else if (at.kind !== 'matcher' || !acceptsAll(at)) labels.push(at.name);
  }
  return labels;
}

/** True if any value passes the filter: Loki drops it. */
function acceptsAll({ operator, value }: LabelMatcher): boolean {
  return operator === '=~' && /^\(?\.\*\)?$/.test(value.value);
}

function templateFields(template: string): string[] {
  return [...template.matchAll(/\.([A-Za-z_]\w*)/g)].map(([, name = '']) => name);
}
