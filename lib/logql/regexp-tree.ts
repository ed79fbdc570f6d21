/**
 * Regular expression as a tree, in the form that Go's parser gives it: with common prefixes of alternatives factored
 * out. Only what Loki's simplification of line filters can use is distinguished; all else is `other`.
 *
 * @see https://github.com/golang/go/blob/go1.25.0/src/regexp/syntax/parse.go
 */
export type RegexpTree =
  /** Text; in upper case if case is ignored. */
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'concat' | 'alternate'; readonly parts: readonly RegexpTree[] }
  | { readonly kind: 'capture'; readonly inner: RegexpTree }
  /** `.*`, without line breaks. */
  | { readonly kind: 'any' }
  /** `.+`, without line breaks. */
  | { readonly kind: 'some' }
  | { readonly kind: 'empty' }
  /** Anything else; `isClass` for one character of several. */
  | { readonly kind: 'other'; readonly isClass: boolean };

export interface ParsedRegexp {
  readonly tree: RegexpTree;
  readonly ignoreCase: boolean;
}

/** Escaped characters that stand for themselves. */
const PUNCTUATION = /[^\w\s]/;

/**
 * Parses a valid regular expression. Returns undefined for flags other than `(?i)` and `(?s)` at the beginning, and
 * for `\Q`.
 */
export function parseRegexp(text: string): ParsedRegexp | undefined {
  const [start = '', flags = ''] = /^\(\?([is]+)\)/.exec(text) ?? [];
  const ignoreCase = flags.includes('i');
  const parser = new Parser(text.slice(start.length), { dotAll: flags.includes('s'), ignoreCase });
  const tree = parser.alternatives();
  return tree && parser.atEnd ? { tree, ignoreCase } : undefined;
}

const EMPTY: RegexpTree = { kind: 'empty' };
const OTHER: RegexpTree = { kind: 'other', isClass: false };
const CLASS: RegexpTree = { kind: 'other', isClass: true };

/** Maximum nesting, which is far more than anyone writes. */
const MAX_DEPTH = 100;

class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly flags: { readonly dotAll: boolean; readonly ignoreCase: boolean },
  ) {}

  get atEnd(): boolean {
    return this.at === this.text.length;
  }

  alternatives(): RegexpTree | undefined {
    if (++this.depth > MAX_DEPTH) return undefined;
    const branches: RegexpTree[] = [];
    do {
      const branch = this.sequence();
      if (!branch) return undefined;
      branches.push(branch);
    } while (this.accept('|'));
    this.depth--;
    return alternate(branches);
  }

  private sequence(): RegexpTree | undefined {
    const parts: RegexpTree[] = [];
    while (!this.atEnd && this.peek() !== '|' && this.peek() !== ')') {
      const atom = this.atom();
      if (!atom) return undefined;
      parts.push(this.repeated(atom));
    }
    return concat(parts);
  }

  private atom(): RegexpTree | undefined {
    if (this.accept('(')) return this.group();
    if (this.accept('[')) return this.characterClass();
    if (this.accept('\\')) return this.escape();
    const character = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
    this.at += character.length;
    if (character === '.') return CLASS;
    return '^$'.includes(character) ? OTHER : this.literal(character);
  }

  private group(): RegexpTree | undefined {
    const capturing = !this.accept('?:');
    // Flags and names.
    const name = capturing && /^\?P?<\w+>/.exec(this.text.slice(this.at))?.[0];
    if (name) this.at += name.length;
    else if (capturing && this.peek() === '?') return undefined;
    const inner = this.alternatives();
    if (!inner || !this.accept(')')) return undefined;
    return capturing ? { kind: 'capture', inner } : inner;
  }

  private characterClass(): RegexpTree | undefined {
    const start = this.at;
    this.accept('^');
    this.accept(']');
    while (!this.atEnd && this.peek() !== ']') {
      if (this.text.startsWith('[:', this.at)) this.at = this.text.indexOf(':]', this.at) + 1;
      this.at += this.peek() === '\\' ? 2 : 1;
    }
    const body = this.text.slice(start, this.at);
    if (!this.accept(']')) return undefined;
    // A class of one character is that character.
    const single = /^\\?([^\w\s\\^])$|^(\w)$/.exec(body);
    return single ? this.literal(single[1] ?? single[2] ?? '') : CLASS;
  }

  private escape(): RegexpTree | undefined {
    const character = this.text[this.at++] ?? '';
    if (character === 'Q') return undefined;
    if (PUNCTUATION.test(character)) return this.literal(character);
    if (/[pP]/.test(character)) return this.skip(/^(\{\^?\w+\}|\w)/, CLASS);
    if (/[dDsSwW]/.test(character)) return CLASS;
    if (/[bBAz]/.test(character)) return OTHER;
    const special = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' }[character];
    if (special !== undefined) return this.literal(special);
    const hex =
      character === 'x' ? /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(this.text.slice(this.at)) : undefined;
    if (!hex) return undefined;
    this.at += hex[0].length;
    return this.literal(String.fromCodePoint(Number.parseInt(hex[1] ?? hex[2] ?? '', 16)));
  }

  private literal(text: string): RegexpTree {
    return { kind: 'literal', text: this.flags.ignoreCase ? text.toUpperCase() : text };
  }

  private repeated(atom: RegexpTree): RegexpTree {
    const [operator] = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(this.text.slice(this.at)) ?? [];
    if (operator === undefined) return atom;
    this.at += operator.length;
    const isDot = atom === CLASS && this.text[this.at - operator.length - 1] === '.' && !this.flags.dotAll;
    const [first = ''] = operator.split('?');
    if (isDot && (first === '*' || first === '{0,}')) return { kind: 'any' };
    if (isDot && (first === '+' || first === '{1,}')) return { kind: 'some' };
    return OTHER;
  }

  private skip(pattern: RegExp, node: RegexpTree): RegexpTree {
    this.at += pattern.exec(this.text.slice(this.at))?.[0].length ?? 0;
    return node;
  }

  private peek(): string {
    return this.text[this.at] ?? '';
  }

  private accept(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }
}

/** Joins neighboring literals, as Go's `maybeConcat` does, and concatenations in it, as `collapse` does. */
function concat(parts: readonly RegexpTree[]): RegexpTree {
  const joined: RegexpTree[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.kind === 'literal' && last?.kind === 'literal')
      joined[joined.length - 1] = { ...last, text: last.text + part.text };
    else joined.push(part);
  }
  const flat = joined.flatMap((part) => (part.kind === 'concat' ? part.parts : [part]));
  return flat.length === 0 ? EMPTY : flat.length === 1 ? (flat[0] as RegexpTree) : { kind: 'concat', parts: flat };
}

/** Factors out common prefixes, as Go's `factor` does. */
function alternate(branches: readonly RegexpTree[]): RegexpTree {
  const flat = branches.flatMap((branch) => (branch.kind === 'alternate' ? branch.parts : [branch]));
  if (flat.length === 1) return flat[0] as RegexpTree;
  const parts = withoutRepeatedEmpty(withClasses(withPrefixes(flat)));
  return parts.length === 1 ? (parts[0] as RegexpTree) : { kind: 'alternate', parts };
}

function withPrefixes(branches: readonly RegexpTree[]): RegexpTree[] {
  const found: RegexpTree[] = [];
  for (let start = 0; start < branches.length; ) {
    let prefix = leadingText(branches[start] as RegexpTree);
    let end = start + 1;
    for (; end < branches.length; end++) {
      const common = commonPrefix(prefix, leadingText(branches[end] as RegexpTree));
      if (common === '') break;
      prefix = common;
    }
    const run = branches.slice(start, end);
    found.push(
      run.length === 1
        ? (run[0] as RegexpTree)
        : {
            kind: 'concat',
            parts: [{ kind: 'literal', text: prefix }, alternate(run.map((each) => afterText(each, prefix)))],
          },
    );
    start = end;
  }
  return found;
}

function leadingText(branch: RegexpTree): string {
  const first = branch.kind === 'concat' ? branch.parts[0] : branch;
  return first?.kind === 'literal' ? first.text : '';
}

function commonPrefix(first: string, second: string): string {
  const [one, two] = [[...first], [...second]];
  const end = one.findIndex((character, index) => character !== two[index]);
  return one.slice(0, end < 0 ? one.length : end).join('');
}

function afterText(branch: RegexpTree, prefix: string): RegexpTree {
  if (branch.kind === 'literal') {
    const text = branch.text.slice(prefix.length);
    return text === '' ? EMPTY : { kind: 'literal', text };
  }
  if (branch.kind !== 'concat') return branch;
  const [first, ...others] = branch.parts;
  const rest = afterText(first as RegexpTree, prefix);
  const parts = rest.kind === 'empty' ? others : [rest, ...others];
  return parts.length === 1 ? (parts[0] as RegexpTree) : { kind: 'concat', parts };
}

/** Neighboring single characters become a class. */
function withClasses(branches: readonly RegexpTree[]): RegexpTree[] {
  const isSingle = (branch: RegexpTree) =>
    (branch.kind === 'other' && branch.isClass) || (branch.kind === 'literal' && [...branch.text].length === 1);
  const found: RegexpTree[] = [];
  for (const branch of branches) {
    const last = found.at(-1);
    if (last && isSingle(branch) && isSingle(last)) found[found.length - 1] = CLASS;
    else found.push(branch);
  }
  return found;
}

function withoutRepeatedEmpty(branches: readonly RegexpTree[]): RegexpTree[] {
  return branches.filter((branch, index) => branch.kind !== 'empty' || branches[index + 1]?.kind !== 'empty');
}
