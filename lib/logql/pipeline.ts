import { parseLabelFilters, parseMatcher, startsMatcher } from './label-filters';
import { patternCaptures } from './pattern';
import { captureNames, compileMatcher, compileRegexp } from './regexp';
import type {
  Extraction,
  LabelFormat,
  LabelMatcher,
  LineFilter,
  LineFilterOperator,
  Parser,
  PipelineStage,
  Selector,
  Span,
  StringLiteral,
} from './syntax';
import type { TokenStream } from './token-stream';

const LINE_FILTERS: ReadonlySet<string> = new Set(['|=', '!=', '|~', '!~', '|>', '!>']);

/** Parses one or more items, separated by commas. */
function commaSeparated<T>(tokens: TokenStream, item: () => T): T[] {
  const items = [item()];
  while (tokens.accept(',')) {
    items.push(item());
  }
  return items;
}

/** Parses `(a, b)` or `()`. */
export function parseLabelList(tokens: TokenStream): string[] {
  tokens.expect('(');
  if (tokens.accept(')')) {
    return [];
  }
  const labels = commaSeparated(tokens, () => tokens.identifier().text);
  tokens.expect(')');
  return labels;
}

/** True if a matcher also matches streams without its label. */
function matchesEmpty({ operator, value }: LabelMatcher): boolean {
  if (operator === '=' || operator === '!=') {
    return (value.value === '') === (operator === '=');
  }
  const result = compileMatcher(value);
  return 'matchesEmpty' in result && result.matchesEmpty === (operator === '=~');
}

/** Parses `{app="web"}`. Reports a selector that matches every stream. */
export function parseSelector(tokens: TokenStream): Selector {
  const { from } = tokens.expect('{');
  const matchers =
    tokens.symbol() === '}' ? [] : commaSeparated(tokens, () => parseMatcher(tokens, tokens.identifier()));
  tokens.expect('}');
  const selector = { matchers, from, to: tokens.end };
  if (matchers.every(matchesEmpty)) {
    tokens.report(
      'logql-matchers',
      selector,
      'every matcher also matches an empty value, so the selector matches every stream',
      'add a matcher that does not, e.g. {app="web"} or {app=~".+"}',
    );
  }
  return selector;
}

/** Parses stages, up to anything else; `| unwrap` is part of the range. */
export function parseStages(tokens: TokenStream): PipelineStage[] {
  const stages: PipelineStage[] = [];
  for (;;) {
    const symbol = tokens.symbol();
    if (symbol !== undefined && LINE_FILTERS.has(symbol)) {
      stages.push(parseLineFilter(tokens));
    } else if (symbol === '|' && tokens.symbol(1) !== 'unwrap') {
      const { from } = tokens.take();
      stages.push(parseStage(tokens, from));
    } else {
      return stages;
    }
  }
}

function parseLineFilter(tokens: TokenStream): LineFilter {
  const { from } = tokens.peek();
  const operator = tokens.symbol() as LineFilterOperator;
  tokens.take();
  const alternatives = [parseLineFilterText(tokens)];
  while (tokens.accept('or')) {
    alternatives.push(parseLineFilterText(tokens));
  }
  return { kind: 'line-filter', operator, alternatives, from, to: tokens.end };
}

function parseLineFilterText(tokens: TokenStream): { text: StringLiteral; ip: boolean } {
  if (!tokens.accept('ip')) {
    return { text: tokens.string(), ip: false };
  }
  tokens.expect('(');
  const text = tokens.string();
  tokens.expect(')');
  return { text, ip: true };
}

function parseStage(tokens: TokenStream, from: number): PipelineStage {
  const symbol = tokens.symbol();
  const span = (): Span => ({ from, to: tokens.end });
  switch (symbol) {
    case 'json':
    case 'logfmt':
    case 'unpack':
    case 'regexp':
    case 'pattern':
      tokens.take();
      return parseParser(tokens, symbol, from);
    case 'line_format': {
      tokens.take();
      const template = tokens.string();
      return { kind: 'line-format', template, ...span() };
    }
    case 'label_format': {
      tokens.take();
      const labels = commaSeparated(tokens, () => parseLabelFormat(tokens));
      return { kind: 'label-format', labels, ...span() };
    }
    case 'decolorize':
      tokens.take();
      return { kind: 'decolorize', ...span() };
    case 'drop':
    case 'keep': {
      tokens.take();
      const labels = commaSeparated(tokens, () => parseDroppedOrKept(tokens));
      return { kind: symbol, labels, ...span() };
    }
    default: {
      const filter = parseLabelFilters(tokens);
      return { kind: 'label-filter', filter, ...span() };
    }
  }
}

function parseLabelFormat(tokens: TokenStream): LabelFormat['labels'][number] {
  const { text: label, from } = tokens.identifier();
  tokens.expect('=');
  if (tokens.peek().type === 'identifier') {
    return { label, rename: tokens.identifier().text, from, to: tokens.end };
  }
  const template = tokens.string();
  return { label, template, from, to: tokens.end };
}

function parseDroppedOrKept(tokens: TokenStream): LabelMatcher | (Span & { kind: 'label'; name: string }) {
  const name = tokens.identifier();
  return startsMatcher(tokens)
    ? parseMatcher(tokens, name)
    : { kind: 'label', name: name.text, from: name.from, to: name.to };
}

function parseExtraction(tokens: TokenStream): Extraction {
  const { text: label, from } = tokens.identifier();
  const expression = tokens.accept('=') ? tokens.string().value : label;
  return { label, expression, from, to: tokens.end };
}

function parseParser(tokens: TokenStream, parser: Parser['parser'], from: number): Parser {
  const flags: string[] = [];
  let extractions: Extraction[] = [];
  let captures: string[] = [];
  let pattern: StringLiteral | undefined;
  if (parser === 'regexp' || parser === 'pattern') {
    pattern = tokens.string();
    captures = parser === 'regexp' ? regexpCaptures(tokens, pattern) : namedCaptures(tokens, pattern);
  }
  for (let flag = tokens.peek(); parser === 'logfmt' && flag.type === 'flag'; flag = tokens.peek()) {
    flags.push(flag.text);
    tokens.take();
  }
  if ((parser === 'json' || parser === 'logfmt') && tokens.peek().type === 'identifier') {
    extractions = commaSeparated(tokens, () => parseExtraction(tokens));
  }
  return { kind: 'parser', parser, pattern, captures, extractions, flags, from, to: tokens.end };
}

function regexpCaptures(tokens: TokenStream, text: StringLiteral): string[] {
  const result = compileRegexp(text);
  if ('error' in result) {
    tokens.report('logql-regex', text, `invalid regular expression: ${result.error}`);
    return [];
  }
  const names = captureNames(result.regexp);
  if (result.duplicateName !== undefined) {
    tokens.report('logql-regex', text, `duplicate capture name "${result.duplicateName}"`, 'rename one of the two');
  } else if (names.length === 0) {
    tokens.report('logql-regex', text, 'no named capture', 'add one, e.g. `(?P<method>\\w+)`');
  }
  return names;
}

function namedCaptures(tokens: TokenStream, text: StringLiteral): string[] {
  const result = patternCaptures(text);
  if ('error' in result) {
    tokens.report('logql-pattern', text, `invalid pattern: ${result.error}`);
    return [];
  }
  return result.names;
}
