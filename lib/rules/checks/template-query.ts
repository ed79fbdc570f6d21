import { type ComputedText, type FilledText, filled, type UnknownValue } from '../../go-template';
import { type Expr, type LogQLProblem, neverEvaluates, outputLabels, parseLogQL } from '../../logql';
import { isTooDeep } from './queries';

/** A query that a template sends to Loki. */
export interface TemplateQuery {
  /** LogQL, with a value in place of each that is only known when the alert fires. */
  readonly filled: FilledText;
  /** Expression. @default Loki does not accept it, it is too deep, or it depends on values */
  readonly expr?: Expr;
  /** Reasons why Loki does not evaluate it. */
  readonly problems: readonly LogQLProblem[];
  /** A text without quotes where LogQL expects them. @default none */
  readonly unquoted?: ValueAt;
  /** Texts between quotes that a quote or backslash in the value would end. */
  readonly fragile: readonly ValueAt[];
}

/** A value and its offset in the template. */
export interface ValueAt extends UnknownValue {
  readonly from: number;
}

/** Text of values: no one writes it, so findings that mention it are about the value. */
export const SOME_VALUE = 'template_value';

/** Texts of values that are not between quotes, in the order in which they are tried. */
const CANDIDATES = [SOME_VALUE, '1', '5m'];

/** String literals of LogQL. */
const LITERAL = /"(?:[^"\\\n]|\\.)*"|`[^`]*`/g;

/** Reads a query as far as it is known. */
export function readTemplateQuery(text: ComputedText): TemplateQuery {
  const attempts = text.values.some(isBare) ? CANDIDATES : CANDIDATES.slice(0, 1);
  const tried = attempts.map((candidate) => {
    const query = filled(text, (value) => written(value, candidate));
    return { query, parsed: parseLogQL(query.text) };
  });
  const [first] = tried;
  const found = tried.find(({ parsed }) => parsed.expr);
  const outside = bareValues(text).filter(({ isInside }) => !isInside);
  if (found?.parsed.expr) {
    const { expr } = found.parsed;
    const isKnown = !isTooDeep(expr) && !outputLabels(expr).labels.has(SOME_VALUE);
    return {
      filled: found.query,
      ...(isKnown && { expr }),
      // A value may be a whole expression.
      problems: outside.length > 0 ? [] : neverEvaluates(expr),
      fragile: fragileValues(text),
    };
  }
  const query = first?.query ?? filled(text, () => '');
  if (outside.length === 0) return { filled: query, problems: first?.parsed.problems ?? [], fragile: [] };
  const indexes = new Set(outside.map(({ index }) => index));
  const quoted = filled(text, (value, index) =>
    written(value, indexes.has(index) ? JSON.stringify(SOME_VALUE) : SOME_VALUE),
  );
  const isMended = parseLogQL(quoted.text).expr !== undefined;
  const unquoted = outside.find(({ value }) => value.label !== undefined)?.value;
  return { filled: query, problems: [], fragile: [], ...(isMended && unquoted && { unquoted }) };
}

/** True for a value whose text is part of the query as it is. */
function isBare({ kind, quoted }: UnknownValue): boolean {
  return kind !== 'number' && !quoted;
}

function written(value: UnknownValue, bare: string): string {
  if (value.quoted) return JSON.stringify(SOME_VALUE);
  return value.kind === 'number' ? '1' : bare;
}

interface BareValue {
  readonly value: ValueAt;
  /** Index in the values of the text. */
  readonly index: number;
  /** True if it is in a string literal. */
  readonly isInside: boolean;
}

function bareValues(text: ComputedText): BareValue[] {
  const { text: query, offsets } = filled(text, (value) => (isBare(value) ? '\0' : written(value, '')));
  const literals = [...query.matchAll(LITERAL)].map(
    ({ 0: literal, index }) => [index, index + literal.length] as const,
  );
  const places = [...query.matchAll(/\0/g)].map(({ index }) => index);
  const bare = text.values.flatMap((value, index) => (isBare(value) ? [{ value, index }] : []));
  return bare.map(({ value, index }, i) => {
    const at = places[i] ?? 0;
    const isInside = literals.some(([from, to]) => from < at && at < to);
    return { value: { ...value, from: offsets[at] ?? 0 }, index, isInside };
  });
}

/** Labels between quotes for which a value with a quote or a backslash makes the query invalid. */
function fragileValues(text: ComputedText): ValueAt[] {
  return bareValues(text).flatMap(({ value, index, isInside }) => {
    if (value.label === undefined || !isInside) return [];
    const breaks = ['"', '`', '\\'].some((char) => {
      const query = filled(text, (each, at) => written(each, at === index ? SOME_VALUE + char : SOME_VALUE));
      return parseLogQL(query.text).expr === undefined;
    });
    return breaks ? [value] : [];
  });
}
