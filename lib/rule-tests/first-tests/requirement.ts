import { RE2JS } from 're2js';
import { patternParts } from '../../logql/pattern';
import { captureNames, compileMatcher, compileRegexp } from '../../logql/regexp';
import type { LabelComparison, LabelMatcher, LineFilter, Parser, StringLiteral } from '../../logql/syntax';
import type { Choose } from './choice';
import { sampleRegexp } from './sample-regexp';

/** A condition on a line or on the value of a label. */
export interface Requirement {
  accepts(text: string): boolean;
  /** Returns texts that probably meet it. @default none: it excludes some */
  samples?(choose: Choose): string[];
}

/** Returns the requirement of a matcher, in a selector or a label filter. */
export function ofMatcher({ operator, value }: LabelMatcher): Requirement {
  if (operator === '=') return { accepts: (text) => text === value.value, samples: () => [value.value] };
  if (operator === '!=') return { accepts: (text) => text !== value.value };
  const compiled = compileMatcher(value);
  // The query has been parsed, so its regular expressions are valid.
  const matches = 'error' in compiled ? () => true : compiled.matches;
  if (operator === '!~') return { accepts: (text) => !matches(text) };
  return { accepts: matches, samples: (choose) => samplesOf(value, choose, RE2JS.DOTALL) };
}

function samplesOf(pattern: Pick<StringLiteral, 'value' | 'bytes'>, choose: Choose, flags = 0): string[] {
  const compiled = compileRegexp(pattern, 'grafana', flags);
  const sample = 'error' in compiled ? undefined : sampleRegexp(compiled.regexp, choose);
  return sample === undefined ? [] : [sample];
}

/** Suffixes of the units in which values are compared. */
const UNITS = { number: '', duration: 's', bytes: 'B' } as const;

/** Returns the requirement of a comparison with a number, a duration, a size or an address. */
export function ofComparison({ type, operator, value }: LabelComparison): Requirement {
  if (type === 'ip' || typeof value === 'string') {
    // Addresses are compared by Loki only.
    const accepts = (text: string) => /^[\d.]+$|:/.test(text);
    return operator === '!=' ? { accepts } : { accepts, samples: () => [addressIn(String(value))] };
  }
  const unit = UNITS[type];
  const holds = (number: number) => !Number.isNaN(number) && compare(number, operator, value);
  const near = [value, value + 1, value - 1, value * 2, value / 2, 0].filter((each) => each >= 0 || value < 0);
  return {
    accepts: (text) => text !== '' && holds(Number(unit === '' ? text : text.replace(unit, ''))),
    samples: () => near.filter(holds).map((number) => `${number}${unit}`),
  };
}

function compare(left: number, operator: LabelComparison['operator'], right: number): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
  }
}

/** Returns the first address of `10.0.0.0/8`, `10.0.0.1-10.0.0.9` or an address. */
function addressIn(text: string): string {
  return text.split(/[/-]/)[0] ?? text;
}

/** Returns the requirement of a line filter. */
export function ofLineFilter({ operator, alternatives }: LineFilter): Requirement {
  const each = alternatives.map(({ text, ip }) => ofLineText(operator, text, ip));
  if (operator.startsWith('!')) return { accepts: (line) => each.every(({ accepts }) => accepts(line)) };
  return {
    accepts: (line) => each.some(({ accepts }) => accepts(line)),
    samples: (choose) => each[choose(each.length)]?.samples?.(choose) ?? [],
  };
}

function ofLineText(operator: LineFilter['operator'], text: StringLiteral, ip: boolean): Requirement {
  const excludes = operator.startsWith('!');
  if (ip) return excludes ? { accepts: () => true } : contains(addressIn(text.value));
  switch (operator) {
    case '|=':
      return contains(text.value);
    case '!=':
      return { accepts: (line) => !line.includes(text.value) };
    case '|~':
    case '!~': {
      const compiled = compileRegexp(text);
      if ('error' in compiled) return { accepts: () => true };
      const found = (line: string) => compiled.regexp.matcher(line).find();
      if (excludes) return { accepts: (line) => !found(line) };
      return { accepts: found, samples: (choose) => samplesOf(text, choose) };
    }
    default: {
      const sample = patternText(text, new Map());
      const parts = patternParts(text).flatMap((part) => ('text' in part ? [RE2JS.quote(part.text)] : ['.+']));
      const regexp = RE2JS.compile(parts.join(''), RE2JS.DOTALL);
      const found = (line: string) => regexp.matcher(line).find();
      return excludes ? { accepts: (line) => !found(line) } : { accepts: found, samples: () => [sample] };
    }
  }
}

/** Returns the requirement of a text in the line. */
export function contains(text: string): Requirement {
  return { accepts: (line) => line.includes(text), samples: () => [text] };
}

/** Returns the text of a pattern, with these values of its captures. */
export function patternText(pattern: StringLiteral, values: ReadonlyMap<string, string>): string {
  return patternParts(pattern)
    .map((part) => ('text' in part ? part.text : (values.get(part.capture) ?? 'x')))
    .join('');
}

/** Returns a text from which a `regexp` parser extracts these values. */
export function regexpText({ pattern }: Parser, values: ReadonlyMap<string, string>, choose: Choose): string {
  const compiled = pattern && compileRegexp(pattern);
  if (!compiled || 'error' in compiled) return '';
  const numbers = compiled.regexp.namedGroups() as Readonly<Record<string, number>>;
  const groups = captureNames(compiled.regexp).flatMap((name): [number, string][] => {
    const value = values.get(name);
    return value === undefined ? [] : [[numbers[name] ?? 0, value]];
  });
  return sampleRegexp(compiled.regexp, choose, new Map(groups)) ?? sampleRegexp(compiled.regexp, choose) ?? '';
}

/** Values that no filter asks for, the first ones are preferred; the address is one for documentation. */
const NEUTRAL = ['', 'example', 'other', '1', 'x', '203.0.113.1', '2025-01-01T00:00:00Z'];

/** Returns a value that meets the requirements, or the closest one. */
export function valueFor(requirements: readonly Requirement[], choose: Choose): string {
  const accepted = (text: string) => requirements.every(({ accepts }) => accepts(text));
  const asked = requirements.some(({ samples }) => samples);
  // `.+` is met by a single letter, and better by a word.
  if (asked && accepted('example')) return 'example';
  const samples = [...new Set(requirements.flatMap((requirement) => requirement.samples?.(choose) ?? []))];
  const joined = orders(samples).flatMap((texts) => [texts.join(''), texts.join(' ')]);
  const tried = [...samples, ...joined, ...NEUTRAL].filter((text) => !asked || text !== '');
  return tried.find(accepted) ?? joined[1] ?? '';
}

/** Maximum number of texts that are tried in every order: 5! = 120. */
const MAX_ORDERED = 5;

/** Returns the items in all orders, or, if there are many, with each of them as the first one. */
export function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => {
    const others = [...items.slice(i + 1), ...items.slice(0, i)];
    return (items.length <= MAX_ORDERED ? orders(others) : [others]).map((rest) => [item, ...rest]);
  });
}
