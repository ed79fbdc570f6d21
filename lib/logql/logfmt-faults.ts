import { type Hints, pipelineHints } from './pipeline-hints';
import type { Expr, Extraction, LogRange, Parser, PipelineStage } from './syntax';
import { walk } from './walk';

/**
 * Labels that `logfmt` with expressions leaves empty, although the line has the field. If Loki knows which labels a
 * query uses, `LogfmtExpressionParser` in pkg/logql/log/parser.go
 *
 * - skips fields that are not one of these labels, and no label of the stage: `level` of `logfmt lvl="level"`,
 * - sets all labels to the empty text first, which count as extracted: if the query uses no others, it stops after the
 *   first field.
 */
export interface LogfmtFault {
  /** Offset of the stage. */
  readonly from: number;
  readonly cause: 'renamed' | 'first-only';
  /** The label that is empty. */
  readonly extraction: Extraction;
}

/** Returns the first fault of each `logfmt` stage with expressions. */
export function logfmtFaults(expr: Expr): LogfmtFault[] {
  const hints = pipelineHints(expr);
  return [...walk(expr)].flatMap((at) => (at.kind === 'range' ? faultsOf(at.range, hints.get(at)) : []));
}

function faultsOf({ selector, stages }: LogRange, hints?: Hints): LogfmtFault[] {
  if (!hints?.required) return [];
  const required = withoutSuffix(hints.required);
  const ofStream = new Set(selector.matchers.map(({ name }) => name));
  return stages.flatMap((stage, index) => {
    if (stage.kind !== 'parser' || stage.parser !== 'logfmt' || stage.extractions.length === 0) return [];
    // A label that the stream has, too, gets a suffix.
    if (stage.extractions.some(({ label }) => ofStream.has(label))) return [];
    return faultOf(stage, required, stages.slice(0, index)) ?? [];
  });
}

/** Suffix that the label of a parser gets if the stream has it, too. */
const SUFFIX = '_extracted';

function withoutSuffix(labels: ReadonlySet<string>): ReadonlySet<string> {
  const bare = [...labels].filter((label) => label.endsWith(SUFFIX)).map((label) => label.slice(0, -SUFFIX.length));
  return new Set([...labels, ...bare]);
}

function faultOf(
  { from, extractions }: Parser,
  required: ReadonlySet<string>,
  before: readonly PipelineStage[],
): LogfmtFault | undefined {
  const own = new Set(extractions.map(({ label }) => label));
  const isRead = ({ expression }: Extraction) => own.has(expression) || required.has(expression);
  const renamed = extractions.find((each) => required.has(each.label) && !isRead(each));
  if (renamed) return { from, cause: 'renamed', extraction: renamed };
  // Parsers without names extract what the line has.
  if (before.some((stage) => stage.kind === 'parser' && labelsOf(stage).length === 0)) return undefined;
  const known = new Set([...own, ...before.flatMap(labelsOf)]);
  const used = extractions.filter(({ label }) => required.has(label));
  const [, last = used[0]] = used;
  if (!last || extractions.filter(isRead).length < 2 || ![...required].every((label) => known.has(label))) {
    return undefined;
  }
  return { from, cause: 'first-only', extraction: last };
}

function labelsOf(stage: PipelineStage): string[] {
  if (stage.kind === 'label-format') return stage.labels.map(({ label }) => label);
  return stage.kind === 'parser' ? [...stage.captures, ...stage.extractions.map(({ label }) => label)] : [];
}
