import { type Expr, type LabelFilterExpr, type PipelineStage, walk } from '../../logql';
import type { RuleProblem } from '../../rules/checks/rule-check';
import { didYouMean } from '../../text/did-you-mean';
import { formatDuration } from '../../text/duration';
import type { LiveQuery, Source } from './query';
import type { DetectedField, LiveReader } from './reader';
import { RECENT_S, type SourceStreams } from './streams';

/** A name that a rule uses, in a filter, an `unwrap` or a grouping. */
interface Use {
  readonly name: string;
  readonly offset: number;
  /** Number of stages before it. */
  readonly stages: number;
}

/** Names that Loki itself sets. */
const BUILT_IN = /^__|^detected_level$/;

/** Most logs that are read to find out that a field is missing, bytes: less than what one rule may read. */
const MAX_BYTES = 1024 ** 3;

/** Finds labels and fields that a rule uses and that no line of the last hour has. */
export async function missingFields(
  loki: LiveReader,
  query: LiveQuery,
  streams: readonly SourceStreams[],
): Promise<RuleProblem[]> {
  const alive = streams.filter(({ now }) => now.length > 0);
  const problems = new Map<string, RuleProblem | undefined>();
  for (const { source, now } of alive) {
    const labels = new Set(now.flatMap((stream) => Object.keys(stream)));
    for (const use of usesOf(query, source)) {
      // A name that one of several sources has is not missing.
      if (problems.has(use.name) && problems.get(use.name) === undefined) continue;
      problems.set(use.name, await missing(loki, query, source, labels, use));
    }
  }
  return [...problems.values()].flatMap((problem) => problem ?? []);
}

async function missing(
  loki: LiveReader,
  { text }: LiveQuery,
  source: Source,
  labels: ReadonlySet<string>,
  { name, offset, stages }: Use,
): Promise<RuleProblem | undefined> {
  const before = source.range.stages.slice(0, stages);
  const own = before.flatMap(namesOf);
  const base = name.replace(/_extracted$/, '');
  if (BUILT_IN.test(name) || labels.has(base) || own.includes(name)) return undefined;

  const seconds = Math.max(RECENT_S, source.seconds);
  const span = loki.last(seconds);
  const filtered = source.selector + pipeline(text, source.range.stages.filter(isLineFilter(source.range.stages)));
  const fields = await loki.fields(filtered, span);
  const parsers = before.flatMap((stage) => (stage.kind === 'parser' ? [stage.parser] : []));
  const detected = fields?.find(({ label }) => label === base);
  if (detected && isAvailable(detected, parsers)) return undefined;

  // The sample has few lines: only a query over all of them is certain.
  const bytes = await loki.bytes(source.selector, span);
  if (bytes !== undefined && bytes > MAX_BYTES) return undefined;
  const range = `[${formatDuration(seconds * 1000)}]`;
  const lines = await loki.evaluate(`sum(count_over_time(${filtered} ${range}))`);
  if (lines.value === 0) return undefined;
  // A line that one stage cannot read would otherwise fail the query.
  const having = `${source.selector}${pipeline(text, before)} | ${name}!="" | drop __error__, __error_details__`;
  if ((await loki.evaluate(`sum(count_over_time(${having} ${range}))`)).value > 0) return undefined;
  const field = { field: ['expr'], offset };
  const problem = `'${name}' is neither a label nor a field of any of the ${lines.value} lines of the last ${formatDuration(seconds * 1000)}`;
  const fix = detected
    ? `extract it with | ${detected.parsers.join(' or | ')}`
    : `correct the name${didYouMean(name, [...labels, ...own, ...(fields ?? []).map(({ label }) => label)])}`;
  return { id: 'field-missing', problem, fix, ...field };
}

/** True if the rule extracts a field, which needs no parser if it is structured metadata. */
function isAvailable({ parsers: able }: DetectedField, parsers: readonly string[]): boolean {
  return able.length === 0 || parsers.some((parser) => able.includes(parser));
}

/** Line filters before the first other stage: those that see the lines as they are. */
function isLineFilter(stages: readonly PipelineStage[]): (stage: PipelineStage) => boolean {
  const first = stages.findIndex(({ kind }) => kind !== 'line-filter');
  return (stage) => stage.kind === 'line-filter' && (first < 0 || stages.indexOf(stage) < first);
}

/** Text of stages, each after a space; the range may be anywhere between them in the expression. */
function pipeline(text: string, stages: readonly PipelineStage[]): string {
  return stages
    .map(({ kind, from, to }) => {
      const stage = text.slice(from, to).trim();
      return kind === 'line-filter' || stage.startsWith('|') ? ` ${stage}` : ` | ${stage}`;
    })
    .join('');
}

/** Labels that a stage sets. */
function namesOf(stage: PipelineStage): readonly string[] {
  if (stage.kind === 'parser') return [...stage.captures, ...stage.extractions.map(({ label }) => label)];
  return stage.kind === 'label-format' ? stage.labels.map(({ label }) => label) : [];
}

/** Names that a rule uses of the lines of a source. */
function usesOf({ expr }: LiveQuery, { range }: Source): Use[] {
  const all = range.stages.length;
  return [
    ...range.stages.flatMap((stage, i) =>
      stage.kind === 'label-filter' ? filtersOf(stage.filter).map((found) => ({ ...found, stages: i })) : [],
    ),
    ...(range.unwrap ? [{ name: range.unwrap.label, offset: range.unwrap.from, stages: all }] : []),
    ...groupings(expr, range).map((found) => ({ ...found, stages: all })),
  ];
}

/** Names in label filters; one that is compared with '', or an alternative, may be missing. */
function filtersOf(filter: LabelFilterExpr): Pick<Use, 'name' | 'offset'>[] {
  switch (filter.kind) {
    case 'label-or':
      return [];
    case 'label-and':
      return [...filtersOf(filter.left), ...filtersOf(filter.right)];
    case 'matcher':
      return filter.operator === '!=' || filter.operator === '!~' || filter.value.value === ''
        ? []
        : [{ name: filter.name, offset: filter.from }];
    case 'label-comparison':
      return [{ name: filter.name, offset: filter.from }];
  }
}

/** Labels of `by (…)` around a range, up to an operation that may set further labels. */
function groupings(expr: Expr, range: Source['range']): Pick<Use, 'name' | 'offset'>[] {
  return [...walk(expr)].flatMap((at) => {
    if (at.kind !== 'aggregation' && at.kind !== 'range') return [];
    if (!at.grouping || at.grouping.without) return [];
    const { labels, from } = at.grouping;
    const inner = at.kind === 'range' ? [at] : [...walk(at.operand)];
    if (inner.some(({ kind }) => kind === 'label-replace')) return [];
    const reads = inner.some((each) => each.kind === 'range' && each.range === range);
    return reads ? labels.map((name) => ({ name, offset: from })) : [];
  });
}
