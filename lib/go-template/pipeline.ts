import { excerpt } from '../text/excerpt';
import { isCharacter, isComplex, isNumberLiteral, isString } from './constants';
import type { TemplateToken, TemplateTokenKind } from './lexer';
import { TokenReader } from './token-reader';

/** Functions and variables that a template may use. */
export interface TemplateDialect {
  /** Functions in addition to Go's own. */
  readonly functions: ReadonlySet<string>;
  /** Functions of later versions of the program, with the version that added each. @default none */
  readonly newer?: ReadonlyMap<string, string>;
  /** Variables that are set before the template runs, with their `$`. */
  readonly variables: ReadonlySet<string>;
}

/** A chain of names with its root: `.Labels.app` is `['', 'Labels', 'app']`, `$labels.app` is `['$labels', 'app']`. */
export type TemplateChain = readonly string[];

/** Predefined functions of Go's text/template. */
const BUILTINS: ReadonlySet<string> = new Set([
  ...['and', 'call', 'html', 'index', 'slice', 'js', 'len', 'not', 'or', 'print', 'printf', 'println', 'urlquery'],
  ...['eq', 'ge', 'gt', 'le', 'lt', 'ne'],
]);

/**
 * Maximum depth of nested parentheses and blocks. Go allows 10,000 parentheses, far more than any real template has.
 */
const MAX_DEPTH = 500;

type TermKind = 'constant' | 'chain' | 'other';

interface Term {
  readonly kind: TermKind;
  readonly chain?: string[];
  readonly token: TemplateToken;
}

const CONSTANTS: ReadonlySet<TemplateTokenKind> = new Set(['string', 'raw-string', 'character', 'number', 'complex']);

const VALIDATORS: Readonly<Partial<Record<TemplateTokenKind, (constant: string) => boolean>>> = {
  string: isString,
  character: isCharacter,
  number: isNumberLiteral,
  complex: isComplex,
};

/** Parses the content of `{{…}}`: declarations, functions and their arguments. */
export class PipelineParser extends TokenReader {
  readonly chains: TemplateChain[] = [];
  readonly functions: string[] = [];
  /** Number of open blocks and parentheses. */
  private depth = 0;
  /** Variables in scope. */
  protected variables: string[];

  /** @param dialect known names. @default none, any name is accepted */
  constructor(
    text: string,
    private readonly dialect?: TemplateDialect,
  ) {
    super(text);
    this.variables = ['$', ...(dialect?.variables ?? [])];
  }

  protected enter(token: TemplateToken): void {
    if (++this.depth > MAX_DEPTH) {
      this.fail('blocks and parentheses are nested too deeply', token);
    }
  }

  protected leave(): void {
    this.depth--;
  }

  protected pipeline(context: string, end: 'right' | ')'): void {
    this.declarations(context);
    for (let stage = 1; ; stage++) {
      const token = this.peekNonSpace();
      if (token.kind === end) {
        this.take();
        if (stage === 1) {
          this.fail(`missing value for ${context}`, token);
        }
        return;
      }
      if (!this.startsTerm(token)) {
        this.unexpected(token, context);
      }
      const first = this.command();
      if (stage > 1 && first.kind === 'constant') {
        this.fail(`non executable command in pipeline stage ${stage}: use a function after |`, first.token);
      }
    }
  }

  /** `$x :=`, `$x =`, `$i, $x :=` */
  private declarations(context: string): void {
    for (let count = 1; this.peekNonSpace().kind === 'variable'; count++) {
      const start = this.index;
      const { text } = this.take();
      const next = this.peekNonSpace();
      if (next.kind === 'assign') {
        this.take();
        this.variables.push(text);
        return;
      }
      if (next.text !== ',') {
        this.index = start;
        return;
      }
      this.take();
      this.variables.push(text);
      if (context !== 'range' || count > 1) {
        this.fail(`too many declarations in ${context}`, next);
      }
      if (!['variable', 'right', ')'].includes(this.peekNonSpace().kind)) {
        this.fail('range can only initialize variables');
      }
    }
  }

  private startsTerm({ kind, text }: TemplateToken): boolean {
    return (
      CONSTANTS.has(kind) ||
      ['boolean', 'dot', 'field', 'identifier', 'variable', '('].includes(kind) ||
      (kind === 'keyword' && text === 'nil')
    );
  }

  /** Parses a function with its arguments. @returns the first term */
  private command(): Term {
    const terms: Term[] = [];
    for (;;) {
      const token = this.peekNonSpace();
      if (this.startsTerm(token)) {
        terms.push(this.operand());
      }
      const next = this.take();
      if (next.kind === 'space') {
        continue;
      }
      if (next.kind === 'right' || next.kind === ')') {
        this.index--;
      } else if (next.kind !== 'pipe') {
        this.unexpected(next, 'operand');
      }
      break;
    }
    const [first] = terms;
    if (!first) {
      this.fail('empty command');
    }
    this.noteIndex(terms);
    return first;
  }

  /** `index .Labels "app"` reads the same name as `.Labels.app`. */
  private noteIndex([first, second, ...keys]: readonly Term[]): void {
    if (first?.token.text === 'index' && second?.chain) {
      second.chain.push(
        ...keys.filter(({ token }) => token.kind === 'string').map(({ token }) => token.text.slice(1, -1)),
      );
    }
  }

  private operand(): Term {
    const term = this.term();
    const dot = this.peek();
    while (this.peek().kind === 'field') {
      const name = this.take().text.slice(1);
      if (term.kind === 'constant') {
        this.fail(`unexpected . after ${excerpt(term.token.text)}`, dot);
      }
      term.chain?.push(name);
    }
    return term;
  }

  private term(): Term {
    const token = this.takeNonSpace();
    switch (token.kind) {
      case 'identifier':
        if (this.dialect && !this.dialect.functions.has(token.text) && !BUILTINS.has(token.text)) {
          const since = this.dialect.newer?.get(token.text);
          this.notDefined(`function "${token.text}" not defined${since ? ` before version ${since}` : ''}`, token);
        }
        this.functions.push(token.text);
        return { kind: 'other', token };
      case 'variable':
        if (this.dialect && !this.variables.includes(token.text)) {
          this.notDefined(`undefined variable "${token.text}"`, token);
        }
        return this.chain(token, [token.text]);
      case 'field':
        return this.chain(token, ['', token.text.slice(1)]);
      case '(':
        this.enter(token);
        this.pipeline('parenthesized pipeline', ')');
        this.leave();
        return { kind: 'other', token };
      default:
        this.constant(token);
        return { kind: 'constant', token };
    }
  }

  private chain(token: TemplateToken, chain: string[]): Term {
    this.chains.push(chain);
    return { kind: 'chain', chain, token };
  }

  protected constant(token: TemplateToken): void {
    const isValid = VALIDATORS[token.kind];
    if (isValid && !isValid(token.text)) {
      this.fail(`invalid constant ${excerpt(token.text)}`, token);
    }
  }
}
