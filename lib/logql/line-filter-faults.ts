import { compileRegexp } from './regexp';
import { parseRegexp, type RegexpTree } from './regexp-tree';
import type { LineFilter } from './syntax';

/**
 * Loki replaces regular expressions of line filters by text searches, where it can. For some, the result finds other
 * lines: `RegexSimplifier` in pkg/logql/log/filter.go, the same from 1.4 to 3.7.8.
 *
 *     connection.*(error|failed)    searches for "connectionerror" or "connectionfailed"
 *     error|                        searches for "error"
 */

/** Lines that a filter should find and does not, or vice versa. */
export interface FilterFault {
  /** Line that the regular expression matches, and the filter does not. @default none */
  readonly missed?: string;
  /** Line that the filter finds, although the regular expression does not match it. @default none */
  readonly added?: string;
}

/** Returns a difference between a line filter and Loki's implementation of it; undefined if there is none. */
export function filterFault({ operator, alternatives }: LineFilter): FilterFault | undefined {
  // Loki turns `!= "a" or "b"` into two filters.
  const joined = operator === '|=' || operator === '|~' ? [alternatives] : alternatives.map((each) => [each]);
  for (const group of joined) {
    const found = faultOf(operator.endsWith('~'), group);
    if (found) return found;
  }
  return undefined;
}

/** Maximum length of an expression: no one writes longer ones by hand. */
const MAX_LENGTH = 2000;

function faultOf(isRegexp: boolean, alternatives: LineFilter['alternatives']): FilterFault | undefined {
  const texts = alternatives.map(({ text }) => text.value);
  if (texts.some((text) => text.length > MAX_LENGTH)) return undefined;
  const searches = texts.map((text) => (isRegexp ? simplified(text) : { filter: contains(text), lines: [text] }));
  const single = searches.length === 1;
  // Without simplification, the expression itself decides.
  const filters = searches.map(
    (search, index) => search?.filter ?? ((line: string) => matches(texts[index] as string, line)),
  );
  const filter = filters.reduce(or);
  for (const [index, search] of searches.entries()) {
    for (const line of search?.lines ?? []) if (!filter(line)) return { missed: line };
    const found = single && search?.texts?.find((text) => !matches(texts[index] as string, text));
    if (found) return { added: found };
  }
  return undefined;
}

function matches(regexp: string, line: string): boolean {
  const compiled = compileRegexp({ value: regexp });
  return 'regexp' in compiled && compiled.regexp.matcher(line).find();
}

type Filter = (line: string) => boolean;

const TRUE: Filter = () => true;
const NOT_EMPTY: Filter = (line) => line !== '';

interface Search {
  readonly filter: Filter;
  /** Lines that the expression matches, one for each combination of alternatives. */
  readonly lines: readonly string[];
  /** Texts that the filter searches for. */
  readonly texts?: readonly string[];
}

/** Text for `.*` in lines. */
const ANYTHING = ' … ';

/** Returns the filter into which Loki simplifies an expression; undefined if it does not. */
export function simplified(regexp: string): Search | undefined {
  const parsed = parseRegexp(regexp);
  const simplifier = new Simplifier(parsed?.ignoreCase ?? false);
  const filter = parsed && simplifier.simplify(parsed.tree);
  if (!filter) return undefined;
  const lines = linesOf(parsed.tree);
  return {
    filter,
    lines: parsed.ignoreCase ? lines.map((line) => line.toLowerCase()) : lines,
    texts: simplifier.texts(),
  };
}

/** Maximum number of lines of one expression. */
const MAX_LINES = 100;

function linesOf(tree: RegexpTree): string[] {
  switch (tree.kind) {
    case 'literal':
      return [tree.text];
    case 'any':
    case 'some':
      return [ANYTHING];
    case 'capture':
      return linesOf(tree.inner);
    case 'alternate':
      return tree.parts.flatMap(linesOf).slice(0, MAX_LINES);
    case 'concat':
      return tree.parts.reduce<string[]>(
        (starts, part) => starts.flatMap((start) => linesOf(part).map((end) => start + end)).slice(0, MAX_LINES),
        [''],
      );
    default:
      return [''];
  }
}

function contains(text: string): Filter {
  return text === '' ? TRUE : (line) => line.includes(text);
}

/** `newOrFilter`: an alternative that is always true is dropped, instead of the others. */
function or(left: Filter, right: Filter): Filter {
  if (left === TRUE) return right;
  return right === TRUE ? left : (line) => left(line) || right(line);
}

/** `ClearCapture`, which removes one of several pairs of parentheses: `((a))` stays a group. */
const uncaptured = (tree: RegexpTree): RegexpTree => (tree.kind === 'capture' ? tree.inner : tree);

/** The functions of `RegexSimplifier`, by their names. */
class Simplifier {
  private readonly slices: Slice[] = [];

  constructor(private readonly ignoreCase: boolean) {}

  texts(): string[] {
    return this.slices.map(String);
  }

  simplify(tree: RegexpTree): Filter | undefined {
    switch (tree.kind) {
      case 'alternate':
        return this.all(tree.parts.map(uncaptured).map((part) => this.simplify(part)));
      case 'concat':
        return this.simplifyConcat(tree.parts);
      case 'capture':
        return this.simplify(tree.inner);
      case 'literal':
        return this.contains(NIL.append(tree.text), this.ignoreCase);
      case 'any':
      case 'empty':
        return TRUE;
      case 'some':
        return NOT_EMPTY;
      default:
        return undefined;
    }
  }

  private simplifyConcat(all: readonly RegexpTree[], base = NIL): Filter | undefined {
    const parts = all.map(uncaptured).filter(({ kind }) => kind !== 'empty');
    if (parts.length > 3) return undefined;
    let literal = base;
    let hasLiteral = false;
    // Without a literal of its own, a part of an alternation does not know that case is ignored.
    let ignoreCase = false;
    let current: Filter | undefined;
    for (const part of parts) {
      if (part.kind === 'literal' && !hasLiteral) {
        hasLiteral = true;
        ignoreCase = this.ignoreCase;
        literal = literal.append(part.text);
      } else if (part.kind === 'alternate' && literal !== NIL) {
        // The stage before an alternation is forgotten: `.*`, or another alternation.
        current = this.simplifyConcatAlternate(part.parts, { literal, ignoreCase }, current);
        if (!current) return undefined;
      } else if (part.kind !== 'any') {
        return undefined;
      }
    }
    return current ?? (literal === NIL ? undefined : this.contains(literal, ignoreCase));
  }

  private simplifyConcatAlternate(
    parts: readonly RegexpTree[],
    { literal, ignoreCase }: { readonly literal: Slice; readonly ignoreCase: boolean },
    current: Filter | undefined,
  ): Filter | undefined {
    return this.all(
      parts.map((part) => {
        const differs = this.ignoreCase && !ignoreCase;
        switch (part.kind) {
          case 'empty':
            return this.contains(literal, ignoreCase);
          case 'any':
            return differs ? undefined : this.contains(literal, ignoreCase);
          case 'literal':
            return differs ? undefined : this.contains(literal.copy().append(part.text), ignoreCase);
          case 'concat':
            return this.simplifyConcat(part.parts, literal);
          default:
            return undefined;
        }
      }),
      current,
    );
  }

  private all(filters: readonly (Filter | undefined)[], first?: Filter): Filter | undefined {
    const known = filters.filter((filter) => filter !== undefined);
    return known.length < filters.length ? undefined : [...(first ? [first] : []), ...known].reduce(or);
  }

  private contains(slice: Slice, ignoreCase: boolean): Filter {
    if (String(slice) === '') return TRUE;
    // To ignore case, Loki copies the text.
    const text = ignoreCase ? slice.copy() : slice;
    this.slices.push(text);
    return ignoreCase
      ? (line) => line.toLowerCase().includes(String(text).toLowerCase())
      : (line) => line.includes(String(text));
  }
}

/** Sizes of small memory blocks in Go: a slice has the capacity of the smallest block that fits. */
const BLOCKS = [8, 16, 24, 32, 48, 64, 80, 96, 112, 128];

/**
 * A Go slice of bytes: `append` writes into the same memory while there is room, so that the alternatives of
 * `err(1.*|2.*)` overwrite each other.
 */
class Slice {
  constructor(
    private readonly memory: Uint8Array,
    private readonly length: number,
  ) {}

  append(text: string): Slice {
    const bytes = Buffer.from(text);
    const length = this.length + bytes.length;
    const memory = length <= this.memory.length ? this.memory : this.grown(length);
    memory.set(bytes, this.length);
    return new Slice(memory, length);
  }

  copy(): Slice {
    return new Slice(this.memory.slice(0, this.length), this.length);
  }

  toString(): string {
    return Buffer.from(this.memory.subarray(0, this.length)).toString();
  }

  private grown(length: number): Uint8Array {
    const wanted = Math.max(length, 2 * this.memory.length);
    const memory = new Uint8Array(BLOCKS.find((size) => size >= wanted) ?? wanted);
    memory.set(this.memory.subarray(0, this.length));
    return memory;
  }
}

const NIL = new Slice(new Uint8Array(0), 0);
