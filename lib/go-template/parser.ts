import { excerpt } from '../excerpt';
import { isCharacter, isComplex, isNumber, isString } from './constants';
import { type TemplateToken, type TemplateTokenKind, templateTokens } from './lexer';

/** Names that a template may use. */
export interface TemplateDialect {
  /** Functions besides Go's own. */
  readonly functions: ReadonlySet<string>;
  /** Variables that are set before the template runs, with their `$`. */
  readonly variables: ReadonlySet<string>;
}

/** What is wrong with a template, and where in it. */
export interface TemplateProblem {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

/** A chain of names with its root: `.Labels.app` is `['', 'Labels', 'app']`, `$labels.app` is `['$labels', 'app']`. */
export type TemplateChain = readonly string[];

/** The template breaks Go's rules: Go reports the first such place and reads no further. */
export class TemplateSyntaxError extends Error {
  constructor(
    message: string,
    readonly token: TemplateToken,
  ) {
    super(message);
  }
}

/** Functions that Go's text/template has by itself. */
const BUILTINS: ReadonlySet<string> = new Set([
  ...['and', 'call', 'html', 'index', 'slice', 'js', 'len', 'not', 'or', 'print', 'printf', 'println', 'urlquery'],
  ...['eq', 'ge', 'gt', 'le', 'lt', 'ne'],
]);

/** Parentheses and blocks in each other. Go allows 10,000 parentheses; nobody writes so many. */
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
  number: isNumber,
  complex: isComplex,
};

/** What ends a list of texts and actions. */
type ListEnd = 'end' | 'else' | 'eof';

/**
 * Reads a template as Go's text/template/parse does.
 *
 * @see https://github.com/golang/go/blob/go1.26.5/src/text/template/parse/parse.go
 */
export class TemplateParser {
  readonly chains: TemplateChain[] = [];
  private readonly tokens: readonly TemplateToken[];
  private index = 0;
  private depth = 0;
  private rangeDepth = 0;
  private variables: string[];
  /** Templates that `define` and `block` have made, other than empty ones. */
  private readonly defined = new Set<string>();

  /** @param dialect names to check against; without it any name passes */
  constructor(
    text: string,
    private readonly dialect?: TemplateDialect,
  ) {
    this.tokens = templateTokens(text);
    this.variables = ['$', ...(dialect?.variables ?? [])];
  }

  /** @throws TemplateSyntaxError */
  parse(): void {
    for (;;) {
      const { end } = this.list(true);
      if (end === 'eof') {
        return;
      }
      this.fail(`unexpected {{${end}}}: no block is open here`, this.tokens[this.index - 1]);
    }
  }

  private peek(): TemplateToken {
    return this.tokens[Math.min(this.index, this.tokens.length - 1)] as TemplateToken;
  }

  private take(): TemplateToken {
    const token = this.peek();
    this.index++;
    return token;
  }

  private skipSpace(): void {
    while (this.peek().kind === 'space') {
      this.index++;
    }
  }

  private peekNonSpace(): TemplateToken {
    this.skipSpace();
    return this.peek();
  }

  private takeNonSpace(): TemplateToken {
    this.skipSpace();
    return this.take();
  }

  private fail(message: string, token: TemplateToken = this.peek()): never {
    throw new TemplateSyntaxError(message, token);
  }

  private unexpected(token: TemplateToken, context: string): never {
    if (token.kind === 'error') {
      this.fail(token.text, token);
    }
    const what = token.kind === 'eof' ? 'end of the text' : `\`${excerpt(token.text)}\``;
    this.fail(`unexpected ${what} in ${context}`, token);
  }

  private expectRight(context: string): void {
    const token = this.takeNonSpace();
    if (token.kind !== 'right') {
      this.unexpected(token, context);
    }
  }

  /** @param top whether `{{define}}` may stand here and the text may end here */
  private list(top: boolean): { readonly end: ListEnd; readonly empty: boolean } {
    if (++this.depth > MAX_DEPTH) {
      this.fail('blocks and parentheses nest too deeply');
    }
    let empty = true;
    for (;;) {
      const token = this.peekNonSpace();
      if (token.kind === 'eof') {
        if (!top) {
          this.fail('unexpected end of the text: an {{end}} is missing', token);
        }
        this.depth--;
        return { end: 'eof', empty };
      }
      this.take();
      if (token.kind === 'text') {
        empty &&= token.text.trim() === '';
      } else if (token.kind !== 'left') {
        this.unexpected(token, 'input');
      } else {
        const end = this.action(top);
        if (end === 'end' || end === 'else') {
          this.depth--;
          return { end, empty };
        }
        empty &&= end === 'definition';
      }
    }
  }

  /** What stands between `{{` and `}}`. */
  private action(top: boolean): ListEnd | 'definition' | undefined {
    const token = this.peekNonSpace();
    if (token.kind !== 'keyword' || token.text === 'nil') {
      this.pipeline('command', 'right');
      return undefined;
    }
    this.take();
    switch (token.text) {
      case 'define':
        if (top) {
          this.definition();
          return 'definition';
        }
        return this.unexpected(token, 'command');
      case 'block':
        this.block();
        return undefined;
      case 'break':
      case 'continue':
        this.expectRight(`{{${token.text}}}`);
        return this.rangeDepth > 0 ? undefined : this.fail(`{{${token.text}}} outside {{range}}`, token);
      case 'if':
      case 'with':
      case 'range':
        this.control(token.text);
        return undefined;
      case 'template':
        this.templateName('template clause');
        if (this.peekNonSpace().kind === 'right') {
          this.take();
        } else {
          this.pipeline('template clause', 'right');
        }
        return undefined;
      case 'else': {
        const next = this.peekNonSpace();
        if (next.kind !== 'keyword' || (next.text !== 'if' && next.text !== 'with')) {
          this.expectRight('else');
        }
        return 'else';
      }
      default:
        this.expectRight('end');
        return 'end';
    }
  }

  private control(context: string): void {
    const variables = this.variables.length;
    this.pipeline(context, 'right');
    this.rangeDepth += Number(context === 'range');
    const { end } = this.list(false);
    this.rangeDepth -= Number(context === 'range');
    const next = this.peek();
    if (end === 'else' && next.kind === 'keyword' && next.text === context && context !== 'range') {
      // `{{else if …}}`: its {{end}} ends this one too.
      this.take();
      this.control(context);
    } else if (end === 'else') {
      const closing = this.list(false).end;
      if (closing !== 'end') {
        this.fail(`expected {{end}}, found {{${closing}}}`, this.tokens[this.index - 1]);
      }
    }
    this.variables.length = variables;
  }

  private templateName(context: string): string {
    const token = this.takeNonSpace();
    if (token.kind !== 'string' && token.kind !== 'raw-string') {
      this.unexpected(token, context);
    }
    this.constant(token);
    return token.text.slice(1, -1);
  }

  private definition(): void {
    const token = this.peekNonSpace();
    const name = this.templateName('define clause');
    this.expectRight('define clause');
    this.body(name, 'define clause', token);
  }

  private block(): void {
    const token = this.peekNonSpace();
    const name = this.templateName('block clause');
    this.pipeline('block clause', 'right');
    this.body(name, 'block clause', token);
  }

  /** The body of a template of its own: variables and ranges around it do not reach into it. */
  private body(name: string, context: string, token: TemplateToken): void {
    const { variables, rangeDepth } = this;
    this.variables = ['$'];
    this.rangeDepth = 0;
    const { end, empty } = this.list(false);
    if (end !== 'end') {
      this.fail(`unexpected {{${end}}} in ${context}`, this.tokens[this.index - 1]);
    }
    if (!empty && this.defined.has(name)) {
      this.fail(`multiple definition of template "${name}"`, token);
    }
    if (!empty) {
      this.defined.add(name);
    }
    this.variables = variables;
    this.rangeDepth = rangeDepth;
  }

  private pipeline(context: string, end: 'right' | ')'): void {
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
        this.fail(`non executable command in pipeline stage ${stage}: a function is needed after |`, first.token);
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

  /** A function with its arguments. @returns its first word */
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

  /** `index .Labels "app"` reads a name just as `.Labels.app` does. */
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
          this.fail(`function "${token.text}" not defined`, token);
        }
        return { kind: 'other', token };
      case 'variable':
        if (this.dialect && !this.variables.includes(token.text)) {
          this.fail(`undefined variable "${token.text}"`, token);
        }
        return this.chain(token, [token.text]);
      case 'field':
        return this.chain(token, ['', token.text.slice(1)]);
      case '(':
        if (++this.depth > MAX_DEPTH) {
          this.fail('blocks and parentheses nest too deeply', token);
        }
        this.pipeline('parenthesized pipeline', ')');
        this.depth--;
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

  private constant(token: TemplateToken): void {
    const isValid = VALIDATORS[token.kind];
    if (isValid && !isValid(token.text)) {
      this.fail(`invalid constant ${excerpt(token.text)}`, token);
    }
  }
}
