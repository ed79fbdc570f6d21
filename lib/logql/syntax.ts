import type { LogQLCheckId } from '../checks';

/**
 * LogQL syntax tree, as Loki 3.7 parses it. Offsets are in UTF-16 code units.
 */

/** A part of the text: `text.slice(from, to)`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A problem of a query. */
export interface LogQLProblem extends Span {
  readonly id: LogQLCheckId;
  readonly problem: string;
  /** @default none, the problem says it */
  readonly fix?: string;
}

/** A quoted string. */
export interface StringLiteral extends Span {
  /** Text without quotes and escape sequences. Bytes that are not UTF-8 (`"\xff"`) become U+FFFD. */
  readonly value: string;
  /** Bytes of the text, if escape sequences such as `"\xff"` make it invalid UTF-8. */
  readonly bytes?: Uint8Array;
}

export type MatcherOperator = '=' | '!=' | '=~' | '!~';

/** `name="value"`: in a stream selector, in a label filter, in `drop` and `keep`. */
export interface LabelMatcher extends Span {
  readonly kind: 'matcher';
  readonly name: string;
  readonly operator: MatcherOperator;
  readonly value: StringLiteral;
}

/** `{app="web", level=~"warn|error"}` */
export interface Selector extends Span {
  readonly matchers: readonly LabelMatcher[];
}

export type LineFilterOperator = '|=' | '!=' | '|~' | '!~' | '|>' | '!>';

/** `|= "a" or "b"` */
export interface LineFilter extends Span {
  readonly kind: 'line-filter';
  readonly operator: LineFilterOperator;
  /** The texts joined by `or`; `ip` for those written `ip("…")`. */
  readonly alternatives: readonly { readonly text: StringLiteral; readonly ip: boolean }[];
}

/** `| json`, `| logfmt`, `| unpack`, `| regexp "…"` or `| pattern "…"`. */
export interface Parser extends Span {
  readonly kind: 'parser';
  readonly parser: 'json' | 'logfmt' | 'unpack' | 'regexp' | 'pattern';
  /** Text of `regexp` and `pattern`. */
  readonly pattern?: StringLiteral;
  /** Labels that `regexp` and `pattern` capture. */
  readonly captures: readonly string[];
  /** `label="expression"` of `json` and `logfmt`; without any, they extract all fields. */
  readonly extractions: readonly Extraction[];
  /** `--strict`, `--keep-empty` */
  readonly flags: readonly string[];
}

export interface Extraction extends Span {
  readonly label: string;
  readonly expression: string;
}

export type ComparisonOperator = '==' | '!=' | '>' | '>=' | '<' | '<=';

/** `status >= 500`, `duration > 10s`, `size < 1KB`, `addr = ip("10.0.0.0/8")` */
export interface LabelComparison extends Span {
  readonly kind: 'label-comparison';
  readonly name: string;
  readonly operator: ComparisonOperator;
  readonly type: 'number' | 'duration' | 'bytes' | 'ip';
  /** Number, seconds or bytes; for `ip`, the pattern. */
  readonly value: number | string;
}

/** Two label filters joined by `and`, `,`, a space (all mean and) or `or`. */
export interface LabelFilterPair extends Span {
  readonly kind: 'label-and' | 'label-or';
  readonly left: LabelFilterExpr;
  readonly right: LabelFilterExpr;
}

export type LabelFilterExpr = LabelMatcher | LabelComparison | LabelFilterPair;

/** `| level="error" and status >= 500` */
export interface LabelFilter extends Span {
  readonly kind: 'label-filter';
  readonly filter: LabelFilterExpr;
}

export interface LineFormat extends Span {
  readonly kind: 'line-format';
  readonly template: StringLiteral;
}

export interface LabelFormat extends Span {
  readonly kind: 'label-format';
  /** `to=from` renames, `to="template"` sets. */
  readonly labels: readonly (Span & {
    readonly label: string;
    readonly rename?: string;
    readonly template?: StringLiteral;
  })[];
}

export interface DropOrKeep extends Span {
  readonly kind: 'drop' | 'keep';
  /** A matcher drops or keeps the label only where it matches. */
  readonly labels: readonly (LabelMatcher | (Span & { readonly kind: 'label'; readonly name: string }))[];
}

export interface Decolorize extends Span {
  readonly kind: 'decolorize';
}

export type PipelineStage = LineFilter | Parser | LabelFilter | LineFormat | LabelFormat | DropOrKeep | Decolorize;

/** `| unwrap duration(took) | __error__=""` */
export interface Unwrap extends Span {
  readonly label: string;
  readonly conversion?: 'bytes' | 'duration' | 'duration_seconds';
  readonly filters: readonly LabelFilterExpr[];
}

/** A log query: selector and pipeline. */
export interface LogQuery extends Span {
  readonly kind: 'log';
  readonly selector: Selector;
  readonly stages: readonly PipelineStage[];
}

/** Operand of a range aggregation: `{app="web"} | json [5m] offset 1m` */
export interface LogRange extends Span {
  readonly selector: Selector;
  readonly stages: readonly PipelineStage[];
  readonly unwrap?: Unwrap;
  /** Length of the range in milliseconds. */
  readonly milliseconds: number;
  /** Time from the end of the range to the evaluation, in milliseconds. */
  readonly offsetMilliseconds: number;
}

export interface Grouping extends Span {
  readonly without: boolean;
  readonly labels: readonly string[];
}

/** `rate({…}[5m])`, `quantile_over_time(0.99, {…} | unwrap x [5m]) by (app)` */
export interface RangeAggregation extends Span {
  readonly kind: 'range';
  readonly operation: string;
  readonly parameter?: string;
  readonly range: LogRange;
  readonly grouping?: Grouping;
}

/** `sum by (app) (…)`, `topk(5, …)` */
export interface VectorAggregation extends Span {
  readonly kind: 'aggregation';
  readonly operation: string;
  readonly parameter?: string;
  readonly operand: Expr;
  readonly grouping?: Grouping;
}

export type BinaryOperator = 'or' | 'and' | 'unless' | ComparisonOperator | '+' | '-' | '*' | '/' | '%' | '^';

/** `on (app) group_left (team)` */
export interface VectorMatching {
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly group?: 'left' | 'right';
  readonly include: readonly string[];
}

export interface BinaryOperation extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  /** True with `bool`: a comparison returns 0 or 1 and does not filter. */
  readonly bool: boolean;
  readonly matching?: VectorMatching;
  readonly left: Expr;
  readonly right: Expr;
}

/** A number, including the result of operations between numbers, which Loki evaluates at parsing. */
export interface NumberLiteral extends Span {
  readonly kind: 'number';
  readonly value: number;
}

/** `vector(1)` */
export interface VectorLiteral extends Span {
  readonly kind: 'vector';
  readonly value: number;
}

/** `label_replace(…, "dst", "$1", "src", "regex")` */
export interface LabelReplace extends Span {
  readonly kind: 'label-replace';
  readonly operand: Expr;
  readonly destination: StringLiteral;
  readonly replacement: StringLiteral;
  readonly source: StringLiteral;
  readonly regex: StringLiteral;
}

/** `variants(…, …) of ({…}[5m])` */
export interface Variants extends Span {
  readonly kind: 'variants';
  readonly variants: readonly Expr[];
  readonly range: LogRange;
}

/** Any query. Only `kind: 'log'` returns lines; all others return series. */
export type Expr =
  | LogQuery
  | RangeAggregation
  | VectorAggregation
  | BinaryOperation
  | NumberLiteral
  | VectorLiteral
  | LabelReplace
  | Variants;

/** Syntax tree of a query that Loki loads, or the problems for which Loki refuses it. */
export type ParseResult =
  | { readonly expr: Expr; readonly problems: readonly [] }
  | { readonly expr?: undefined; readonly problems: readonly [LogQLProblem, ...LogQLProblem[]] };
