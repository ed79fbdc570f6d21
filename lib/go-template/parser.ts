import type { TemplateToken } from './lexer';
import { PipelineParser } from './pipeline';

/** A `{{template "name"}}` action, with the offset of the name. */
export interface TemplateCall {
  readonly name: string;
  readonly from: number;
}

/** End of a list of texts and actions. */
type ListEnd = 'end' | 'else' | 'eof';

/**
 * Parses a template like Go's text/template/parse.
 *
 * @see https://github.com/golang/go/blob/go1.26.5/src/text/template/parse/parse.go
 */
export class TemplateParser extends PipelineParser {
  private rangeDepth = 0;
  /** Templates that `define` and `block` define, without empty ones. */
  private readonly defined = new Set<string>();
  /** Templates that `define` and `block` define, including empty ones. */
  readonly definitions = new Set<string>();
  /** Templates that `{{template}}` calls. */
  readonly calls: TemplateCall[] = [];

  /** @throws TemplateSyntaxError */
  parse(): void {
    for (;;) {
      const { end } = this.list(true);
      if (end === 'eof') {
        return;
      }
      this.fail(`unexpected {{${end}}}: no block is open here`, this.last());
    }
  }

  /** @param top true at the top level, where `{{define}}` and the end of the text are allowed */
  private list(top: boolean): { readonly end: ListEnd; readonly empty: boolean } {
    this.enter(this.peek());
    let empty = true;
    for (;;) {
      const token = this.peekNonSpace();
      if (token.kind === 'eof') {
        if (!top) {
          this.fail('unexpected end of the text: add {{end}}', token);
        }
        this.leave();
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
          this.leave();
          return { end, empty };
        }
        empty &&= end === 'definition';
      }
    }
  }

  /** Parses the content of `{{…}}`. */
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
      case 'template': {
        const { from } = this.peekNonSpace();
        this.calls.push({ name: this.templateName('template clause'), from });
        if (this.peekNonSpace().kind === 'right') {
          this.take();
        } else {
          this.pipeline('template clause', 'right');
        }
        return undefined;
      }
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
      // `{{else if …}}`: both share one {{end}}.
      this.take();
      this.control(context);
    } else if (end === 'else') {
      const closing = this.list(false).end;
      if (closing !== 'end') {
        this.fail(`expected {{end}}, found {{${closing}}}`, this.last());
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

  /** Parses the body of a separate template: it does not see outer variables and ranges. */
  private body(name: string, context: string, token: TemplateToken): void {
    const { variables, rangeDepth } = this;
    this.definitions.add(name);
    this.variables = ['$'];
    this.rangeDepth = 0;
    const { end, empty } = this.list(false);
    if (end !== 'end') {
      this.fail(`unexpected {{${end}}} in ${context}`, this.last());
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
}
