import { excerpt } from '../text/excerpt';
import type { Command, Constant, Expression, FieldName, Pipeline } from './ast';
import { BUILTINS } from './builtins';
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

/**
 * Maximum depth of nested parentheses and blocks. Go allows 10,000 parentheses, far more than any real template has.
 */
const MAX_DEPTH = 500;

interface Term {
  readonly expression: Expression;
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

  protected pipeline(context: string, end: 'right' | ')'): Pipeline {
    const { from } = this.peekNonSpace();
    const { variables, assigns } = this.declarations(context);
    const commands: Command[] = [];
    for (let stage = 1; ; stage++) {
      const token = this.peekNonSpace();
      if (token.kind === end) {
        this.take();
        if (stage === 1) {
          this.fail(`missing value for ${context}`, token);
        }
        return { variables, assigns, commands, from, to: token.from };
      }
      if (!this.startsTerm(token)) {
        this.unexpected(token, context);
      }
      const [first, ...args] = this.command();
      if (stage > 1 && isConstant(first.expression)) {
        this.fail(`non executable command in pipeline stage ${stage}: use a function after |`, first.token);
      }
      commands.push([first, ...args].map(({ expression }) => expression));
    }
  }

  /** `$x :=`, `$x =`, `$i, $x :=` */
  private declarations(context: string): Pick<Pipeline, 'variables' | 'assigns'> {
    const names: string[] = [];
    for (let count = 1; this.peekNonSpace().kind === 'variable'; count++) {
      const start = this.index;
      const { text } = this.take();
      const next = this.peekNonSpace();
      if (next.kind === 'assign') {
        this.take();
        this.variables.push(text);
        return { variables: [...names, text], assigns: next.text === '=' };
      }
      if (next.text !== ',') {
        this.index = start;
        return { variables: names, assigns: false };
      }
      this.take();
      this.variables.push(text);
      names.push(text);
      if (context !== 'range' || count > 1) {
        this.fail(`too many declarations in ${context}`, next);
      }
      if (!['variable', 'right', ')'].includes(this.peekNonSpace().kind)) {
        this.fail('range can only initialize variables');
      }
    }
    return { variables: names, assigns: false };
  }

  private startsTerm({ kind, text }: TemplateToken): boolean {
    return (
      CONSTANTS.has(kind) ||
      ['boolean', 'dot', 'field', 'identifier', 'variable', '('].includes(kind) ||
      (kind === 'keyword' && text === 'nil')
    );
  }

  /** Parses a function with its arguments. */
  private command(): [Term, ...Term[]] {
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
    const [first, ...args] = terms;
    if (!first) {
      this.fail('empty command');
    }
    this.noteIndex(terms);
    return [first, ...args];
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
    const names: FieldName[] = [];
    while (this.peek().kind === 'field') {
      const { text, from, to } = this.take();
      const name = text.slice(1);
      if (isConstant(term.expression)) {
        this.fail(`unexpected . after ${excerpt(term.token.text)}`, dot);
      }
      term.chain?.push(name);
      names.push({ name, from, to });
    }
    return names.length === 0 ? term : { ...term, expression: withFields(term.expression, names) };
  }

  private term(): Term {
    const token = this.takeNonSpace();
    switch (token.kind) {
      case 'identifier':
        if (this.dialect && !this.dialect.functions.has(token.text) && !Object.hasOwn(BUILTINS, token.text)) {
          const since = this.dialect.newer?.get(token.text);
          this.notDefined(`function "${token.text}" not defined${since ? ` before version ${since}` : ''}`, token);
        }
        this.functions.push(token.text);
        return { expression: { kind: 'function', name: token.text, ...span(token) }, token };
      case 'variable':
        if (this.dialect && !this.variables.includes(token.text)) {
          this.notDefined(`undefined variable "${token.text}"`, token);
        }
        return this.chain(token, [token.text], { kind: 'variable', name: token.text, ...span(token) });
      case 'field': {
        const names = [{ name: token.text.slice(1), ...span(token) }];
        const dot = { kind: 'dot', from: token.from, to: token.from } as const;
        return this.chain(token, ['', token.text.slice(1)], { kind: 'fields', of: dot, names, ...span(token) });
      }
      case '(': {
        this.enter(token);
        const pipe = this.pipeline('parenthesized pipeline', ')');
        this.leave();
        return { expression: { kind: 'pipe', pipe, from: token.from, to: this.last().to }, token };
      }
      case 'dot':
        return { expression: { kind: 'dot', ...span(token) }, token };
      default:
        this.constant(token);
        return { expression: { kind: 'constant', type: typeOf(token), text: token.text, ...span(token) }, token };
    }
  }

  private chain(token: TemplateToken, chain: string[], expression: Expression): Term {
    this.chains.push(chain);
    return { expression, chain, token };
  }

  protected constant(token: TemplateToken): void {
    const isValid = VALIDATORS[token.kind];
    if (isValid && !isValid(token.text)) {
      this.fail(`invalid constant ${excerpt(token.text)}`, token);
    }
  }
}

/** Go's parser takes the dot for a constant: neither fields nor a pipe may follow it. */
function isConstant({ kind }: Expression): boolean {
  return kind === 'constant' || kind === 'dot';
}

function withFields(expression: Expression, names: readonly FieldName[]): Expression {
  const to = names.at(-1)?.to ?? expression.to;
  if (expression.kind === 'constant') return expression;
  if (expression.kind === 'fields') return { ...expression, names: [...expression.names, ...names], to };
  return { kind: 'fields', of: expression, names, from: expression.from, to };
}

function span({ from, to }: TemplateToken): { readonly from: number; readonly to: number } {
  return { from, to };
}

function typeOf({ kind, text }: TemplateToken): Constant['type'] {
  if (kind === 'string' || kind === 'raw-string') return 'string';
  if (kind === 'boolean') return 'bool';
  return text === 'nil' ? 'nil' : 'number';
}
