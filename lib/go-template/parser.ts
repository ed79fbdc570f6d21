import { unquoteGo } from '../text/go-string';
import type { TemplateNode } from './ast';
import type { TemplateToken } from './lexer';
import { PipelineParser } from './pipeline';

/** A `{{template "name"}}` action, with the offset of the name. */
export interface TemplateCall {
  readonly name: string;
  readonly from: number;
}

/** A list of texts and actions. */
interface List {
  readonly end: ListEnd;
  /** True if it has only spaces and definitions. */
  readonly empty: boolean;
  readonly nodes: readonly TemplateNode[];
}

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
  readonly definitions = new Map<string, readonly TemplateNode[]>();
  /** Templates that `{{template}}` calls. */
  readonly calls: TemplateCall[] = [];

  /** Returns the tree, without definitions. @throws TemplateSyntaxError */
  parse(): readonly TemplateNode[] {
    for (;;) {
      const { end, nodes } = this.list(true);
      if (end === 'eof') {
        return nodes;
      }
      this.fail(`unexpected {{${end}}}: no block is open here`, this.last());
    }
  }

  /** @param top true at the top level, where `{{define}}` and the end of the text are allowed */
  private list(top: boolean): List {
    this.enter(this.peek());
    let empty = true;
    const nodes: TemplateNode[] = [];
    for (;;) {
      const token = this.peekNonSpace();
      if (token.kind === 'eof') {
        if (!top) {
          this.fail('unexpected end of the text: add {{end}}', token);
        }
        this.leave();
        return { end: 'eof', empty, nodes };
      }
      this.take();
      if (token.kind === 'text') {
        empty &&= token.text.trim() === '';
      } else if (token.kind !== 'left') {
        this.unexpected(token, 'input');
      } else {
        const read = this.action(top);
        if (read === 'end' || read === 'else') {
          this.leave();
          return { end: read, empty, nodes };
        }
        if (typeof read === 'object') nodes.push(read);
        empty &&= read === 'definition';
      }
    }
  }

  /** Parses the content of `{{…}}`. */
  private action(top: boolean): TemplateNode | ListEnd | 'definition' | undefined {
    const token = this.peekNonSpace();
    if (token.kind !== 'keyword' || token.text === 'nil') {
      return { kind: 'action', pipe: this.pipeline('command', 'right') };
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
        return this.block();
      case 'break':
      case 'continue':
        this.expectRight(`{{${token.text}}}`);
        return this.rangeDepth > 0 ? undefined : this.fail(`{{${token.text}}} outside {{range}}`, token);
      case 'if':
      case 'with':
      case 'range':
        return this.control(token.text);
      case 'template': {
        const { from, to } = this.peekNonSpace();
        const name = this.templateName('template clause');
        this.calls.push({ name, from });
        if (this.peekNonSpace().kind === 'right') {
          this.take();
          return { kind: 'template', name, from, to };
        }
        return { kind: 'template', name, pipe: this.pipeline('template clause', 'right'), from, to };
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

  private control(kind: 'if' | 'with' | 'range'): TemplateNode {
    const variables = this.variables.length;
    const pipe = this.pipeline(kind, 'right');
    this.rangeDepth += Number(kind === 'range');
    const { end, nodes: body } = this.list(false);
    this.rangeDepth -= Number(kind === 'range');
    const otherwise = end === 'else' ? this.otherwise(kind) : [];
    this.variables.length = variables;
    return { kind, pipe, body, otherwise };
  }

  private otherwise(kind: 'if' | 'with' | 'range'): readonly TemplateNode[] {
    const next = this.peek();
    if (next.kind === 'keyword' && next.text === kind && kind !== 'range') {
      // `{{else if …}}`: both share one {{end}}.
      this.take();
      return [this.control(kind)];
    }
    const { end, nodes } = this.list(false);
    if (end !== 'end') {
      this.fail(`expected {{end}}, found {{${end}}}`, this.last());
    }
    return nodes;
  }

  private templateName(context: string): string {
    const token = this.takeNonSpace();
    if (token.kind !== 'string' && token.kind !== 'raw-string') {
      this.unexpected(token, context);
    }
    this.constant(token);
    return unquoteGo(token.text)?.value ?? '';
  }

  private definition(): void {
    const token = this.peekNonSpace();
    const name = this.templateName('define clause');
    this.expectRight('define clause');
    this.body(name, 'define clause', token);
  }

  /** A definition that is called at once. */
  private block(): TemplateNode {
    const token = this.peekNonSpace();
    const name = this.templateName('block clause');
    const pipe = this.pipeline('block clause', 'right');
    this.body(name, 'block clause', token);
    return { kind: 'template', name, pipe, from: token.from, to: token.to };
  }

  /** Parses the body of a separate template: it does not see outer variables and ranges. */
  private body(name: string, context: string, token: TemplateToken): void {
    const { variables, rangeDepth } = this;
    this.variables = ['$'];
    this.rangeDepth = 0;
    const { end, empty, nodes } = this.list(false);
    // Empty text does not replace a template.
    if (!empty || !this.definitions.has(name)) this.definitions.set(name, nodes);
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
