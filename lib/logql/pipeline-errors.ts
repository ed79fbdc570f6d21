import { type EarlyFilter, ERROR, filterLabels, type Hints, pipelineHints } from './pipeline-hints';
import { compileMatcher } from './regexp';
import type {
  Expr,
  LabelComparison,
  LabelFilterExpr,
  LabelMatcher,
  LogRange,
  Parser,
  PipelineStage,
  Unwrap,
} from './syntax';
import { walk } from './walk';

/** A line that fails the whole metric query, because it reaches the aggregation with `__error__`. */
export interface PipelineFailure {
  /** Offset in the query of the stage that cannot process the line. */
  readonly from: number;
  /** Property of the line that causes the failure. */
  readonly cause:
    | { readonly kind: 'unparsable'; readonly format: 'JSON' | 'logfmt' }
    | { readonly kind: 'value'; readonly label: string; readonly type: LabelComparison['type'] };
}

const ERROR_DETAILS = '__error_details__';

/** Value of a label that may have any value or be missing. A label that a line never has is `''`, as in Loki. */
const ANY = Symbol('any value');
/** Any value of the type that filters compare it with. */
const OF_TYPE = Symbol('any value of the right type');
type Value = string | typeof ANY | typeof OF_TYPE;

/** Format of a line. `any` and `empty` are results of `line_format` or `unpack`. */
type Text = 'plain' | 'logfmt' | 'JSON' | 'any' | 'empty';

/** One line in a pipeline. */
interface Line {
  readonly text: Text;
  readonly labels: ReadonlyMap<string, Value>;
  /** Value of the labels that are not listed. */
  readonly others: Value;
  readonly error: '' | 'JSONParserErr' | 'LogfmtParserErr' | 'LabelFilterErr' | 'SampleExtractionErr';
  /** Set with the error. */
  readonly failure?: PipelineFailure;
}

/**
 * Returns the first failure that a line can cause in each range aggregation. Lines in another format than a parser
 * expects are followed through all later stages, as Loki 3.7 processes them. Values of the wrong type (number, duration
 * or size) are reported only if the pipeline handles `__error__` itself, because most labels never have such values.
 *
 * @param streamLabels labels that any stream may have, in addition to those in the selector
 * @see https://grafana.com/docs/loki/v3.7.x/query/#pipeline-errors
 */
export function pipelineFailures(expr: Expr, streamLabels: Iterable<string>): PipelineFailure[] {
  const hints = pipelineHints(expr);
  return [...walk(expr)].flatMap((at) =>
    at.kind === 'range' || at.kind === 'variants'
      ? (failureOf(at.range, hints.get(at) ?? NO_HINTS, streamLabels) ?? [])
      : [],
  );
}

/** Hints of `variants`, which Loki prepares like an aggregation without grouping. */
const NO_HINTS: Hints = { noLabels: false, preserveErrors: false, early: [] };

/** Maximum number of lines that are followed: the others could only show the same failures. */
const MAX_LINES = 64;

function failureOf(range: LogRange, hints: Hints, streamLabels: Iterable<string>): PipelineFailure | undefined {
  const labels = new Map<string, Value>([...streamLabels].map((name) => [name, ANY]));
  for (const { name, operator, value } of range.selector.matchers) {
    labels.set(name, operator === '=' ? value.value : ANY);
  }
  const handlesErrors = usesErrors(range);
  let lines: Line[] = (['plain', 'logfmt', 'JSON'] as const).map((text) => ({ text, labels, others: '', error: '' }));
  for (const stage of range.stages) {
    lines = lines.flatMap((line) => [...afterStage(line, stage, hints)]).slice(0, MAX_LINES);
  }
  if (range.unwrap) {
    const { unwrap } = range;
    lines = lines.flatMap((line) => [...afterUnwrap(line, unwrap)]);
  }
  const failures = lines.flatMap(({ error, failure }) => (error !== '' && failure ? [failure] : []));
  return (
    failures.find(({ cause }) => cause.kind === 'unparsable' && !hints.preserveErrors) ??
    failures.find(({ cause }) => cause.kind === 'value' && handlesErrors)
  );
}

function usesErrors({ stages, unwrap }: LogRange): boolean {
  const named = stages.flatMap((stage) => {
    if (stage.kind === 'label-filter') return filterLabels(stage.filter);
    return stage.kind === 'drop' ? stage.labels.map(({ name }) => name) : [];
  });
  return [...named, ...(unwrap?.filters.flatMap(filterLabels) ?? [])].some(
    (name) => name === ERROR || name === ERROR_DETAILS,
  );
}

function* afterStage(line: Line, stage: PipelineStage, hints: Hints): Iterable<Line> {
  switch (stage.kind) {
    case 'parser':
      yield* afterParser(line, stage, hints);
      return;
    case 'label-filter':
      yield* passing([line], stage.filter, stage.from);
      return;
    case 'line-format':
      yield { ...line, text: templateValue(stage.template.value, line) === '' ? 'empty' : 'any' };
      return;
    case 'label-format':
      yield { ...line, labels: formatted(line, stage.labels) };
      return;
    case 'drop':
      yield stage.labels.reduce(dropped, line);
      return;
    case 'keep': {
      const kept = stage.labels.map(({ name }): [string, Value] => [name, valueIn(line, name)]);
      yield { ...line, labels: new Map(kept), others: '' };
      return;
    }
    default:
      yield line;
  }
}

function* afterParser(line: Line, stage: Parser, { noLabels, early }: Hints): Iterable<Line> {
  const outcome = noLabels ? 'unchanged' : parserOutcome(stage, line.text);
  if (outcome === 'unchanged') yield line;
  if (outcome === 'labels' || outcome === 'either') yield* compared(withLabels(line, stage), early);
  if (outcome === 'error' || outcome === 'either') {
    const failed = withError(line, stage);
    // Of the parsers that can fail, only logfmt runs the early filters on a failed line.
    const applied = stage.parser === 'logfmt' ? early : [];
    if (
      applied.every(({ filter }) => filter.kind !== 'matcher' || filter.name !== ERROR || accepts(filter, failed.error))
    ) {
      yield failed;
    }
  }
}

/**
 * Returns the line with all values of the right type, and one failed line for each value that may be of the wrong one.
 */
function* compared(line: Line, early: readonly EarlyFilter[]): Iterable<Line> {
  const labels = new Map(line.labels);
  for (const { filter, from } of early) {
    if (filter.kind === 'matcher' || line.error !== '' || valueIn(line, filter.name) !== ANY) continue;
    labels.set(filter.name, OF_TYPE);
    for (const each of comparing(line, filter, from)) if (each.error !== '') yield each;
  }
  yield { ...line, labels };
}

/** Effect of a parser on a line: adds labels, sets an error, or changes nothing. */
function parserOutcome(
  { parser, flags, extractions }: Parser,
  text: Text,
): 'labels' | 'error' | 'either' | 'unchanged' {
  if (parser === 'regexp' || parser === 'pattern') return 'labels';
  if (text === 'empty') return parser === 'json' && extractions.length === 0 ? 'error' : 'unchanged';
  if (text === formatOf(parser)) return 'labels';
  // Without --strict, logfmt extracts what it can and sets no error.
  if (parser === 'logfmt' && !flags.includes('--strict')) return text === 'any' ? 'labels' : 'unchanged';
  return text === 'any' ? 'either' : 'error';
}

function formatOf(parser: Parser['parser']): 'JSON' | 'logfmt' {
  return parser === 'logfmt' ? 'logfmt' : 'JSON';
}

/** Adds the labels of a parser, which may have any value or be missing in this line. */
function withLabels(line: Line, { parser, captures, extractions }: Parser): Line {
  const named = [...captures, ...extractions.map(({ label }) => label)];
  const labels = new Map([...line.labels, ...named.map((name): [string, Value] => [name, ANY])]);
  return {
    ...line,
    ...(parser === 'unpack' ? { text: 'any' } : {}),
    ...(named.length > 0 ? { labels } : { others: ANY }),
  };
}

function withError(line: Line, { parser, from }: Parser): Line {
  const format = formatOf(parser);
  const error = format === 'JSON' ? 'JSONParserErr' : 'LogfmtParserErr';
  return { ...line, error, failure: { from, cause: { kind: 'unparsable', format } } };
}

function valueIn({ labels, others, error }: Line, name: string): Value {
  return name === ERROR ? error : (labels.get(name) ?? others);
}

/**
 * Returns the lines that pass the filter, with an error if a value is not of the type that it is compared with. Takes
 * all lines at once and returns each once: every `or` would double them otherwise.
 */
function passing(lines: readonly Line[], filter: LabelFilterExpr, from: number): readonly Line[] {
  if (!('left' in filter)) {
    return lines.flatMap((line) => [
      ...(filter.kind === 'matcher' ? matching(line, filter) : comparing(line, filter, from)),
    ]);
  }
  const left = passing(lines, filter.left, from);
  if (filter.kind === 'label-and') return passing(left, filter.right, from);
  return [...new Set([...left, ...passing(lines, filter.right, from)])].slice(0, MAX_LINES);
}

function* matching(line: Line, matcher: LabelMatcher): Iterable<Line> {
  const value = valueIn(line, matcher.name);
  if (typeof value === 'symbol' || accepts(matcher, value)) yield line;
}

function accepts(matcher: LabelMatcher, value: string): boolean {
  const { operator, value: literal } = matcher;
  if (operator === '=' || operator === '!=') return (literal.value === value) === (operator === '=');
  const compiled = compileMatcher(literal);
  return !('matches' in compiled) || compiled.matches(value) === (operator === '=~');
}

function* comparing(line: Line, { name, type }: LabelComparison, from: number): Iterable<Line> {
  const value = valueIn(line, name);
  // In Loki, `ip()` passes every line that has already failed.
  if (type === 'ip') {
    if (line.error !== '' || value !== '') yield line;
    return;
  }
  // A line without the label does not pass.
  if (value === '') return;
  yield { ...line, labels: new Map([...line.labels, [name, typeof value === 'symbol' ? OF_TYPE : value]]) };
  if (value !== OF_TYPE && line.error === '') {
    yield { ...line, error: 'LabelFilterErr', failure: { from, cause: { kind: 'value', label: name, type } } };
  }
}

function formatted(
  line: Line,
  formats: Extract<PipelineStage, { kind: 'label-format' }>['labels'],
): ReadonlyMap<string, Value> {
  const labels = new Map(line.labels);
  const current = () => ({ ...line, labels });
  for (const { label, rename, template } of formats) {
    if (rename === undefined) labels.set(label, templateValue(template?.value ?? '', line));
    else {
      const value = valueIn(current(), rename);
      if (value === '') continue;
      labels.set(label, value);
      labels.set(rename, typeof value === 'symbol' ? ANY : '');
    }
  }
  return labels;
}

/** Functions that return an empty text for an empty text. */
const KEEPS_EMPTY = new Set(['ToLower', 'ToUpper', 'lower', 'upper', 'title', 'trim', 'TrimSpace']);

/** Text of a template if the values of all its fields are known; otherwise any. */
function templateValue(template: string, line: Line): Value {
  let any = false;
  const text = template.replace(/\{\{-?(.*?)-?\}\}/gs, (_, action: string) => {
    const [field = '', ...functions] = action.split('|').map((part) => part.trim());
    const name = /^\.([A-Za-z_]\w*)$/.exec(field)?.[1];
    const value = name === undefined ? ANY : valueIn(line, name);
    if (value === '' && functions.every((name) => KEEPS_EMPTY.has(name))) return '';
    if (typeof value === 'symbol' || functions.length > 0) any = true;
    return String(value);
  });
  return any ? ANY : text;
}

function dropped(line: Line, label: Extract<PipelineStage, { kind: 'drop' | 'keep' }>['labels'][number]): Line {
  const { name } = label;
  const value = valueIn(line, name);
  if (label.kind === 'matcher' && typeof value === 'string' && !accepts(label, value)) return line;
  if (name === ERROR) return { ...line, error: '', failure: undefined };
  if (name === ERROR_DETAILS) return line;
  return { ...line, labels: new Map([...line.labels, [name, label.kind === 'matcher' ? value : '']]) };
}

const CONVERTED = { bytes: 'bytes', duration: 'duration', duration_seconds: 'duration' } as const;

function* afterUnwrap(line: Line, { label, conversion, filters, from }: Unwrap): Iterable<Line> {
  const value = valueIn(line, label);
  // A line without the label is dropped.
  if (value === '') return;
  const type = conversion ? CONVERTED[conversion] : 'number';
  const failed: Line = {
    ...line,
    error: 'SampleExtractionErr',
    failure: line.failure ?? { from, cause: { kind: 'value', label, type } },
  };
  for (const each of value === OF_TYPE ? [line] : [line, failed]) {
    yield* filters.reduce<readonly Line[]>((lines, filter) => passing(lines, filter, from), [each]);
  }
}
