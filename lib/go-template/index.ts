import { type TemplateCall, TemplateParser } from './parser';
import type { TemplateChain, TemplateDialect } from './pipeline';
import { TemplateSyntaxError } from './token-reader';

export * from './dialects';
export type { TemplateChain, TemplateDialect } from './pipeline';

/** What is wrong with a template, and where in it. */
export interface TemplateProblem {
  readonly message: string;
  /** The function or variable (`$name`) that is not defined. @default it is a problem of another kind */
  readonly undefined?: string;
  readonly from: number;
  readonly to: number;
}

/**
 * What Go's text/template refuses when it parses a template: at most one problem, for Go stops at the first.
 *
 * @param dialect the functions and variables there are
 */
export function checkTemplate(text: string, dialect: TemplateDialect): TemplateProblem[] {
  const { problem } = read(text, dialect);
  return problem ? [problem] : [];
}

/**
 * The chains of names that a template reads, such as `['', 'Labels', 'app']` for `.Labels.app`, `['$labels', 'app']`
 * for `$labels.app` and for `index $labels "app"`. Of a template with an error, those before the error.
 */
export function templateFields(text: string): readonly TemplateChain[] {
  return read(text).parser.chains;
}

/** The functions that a template calls. Of a template with an error, those before the error. */
export function templateFunctions(text: string): readonly string[] {
  return read(text).parser.functions;
}

/** The templates that a text defines, and those that it calls. Of a text with an error, those before the error. */
export function templateNames(text: string): {
  readonly defined: readonly string[];
  readonly called: readonly TemplateCall[];
} {
  const { parser } = read(text);
  return { defined: [...parser.definitions], called: parser.calls };
}

function read(text: string, dialect?: TemplateDialect): { parser: TemplateParser; problem?: TemplateProblem } {
  const parser = new TemplateParser(text, dialect);
  try {
    parser.parse();
    return { parser };
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) {
      throw error;
    }
    const { from, to } = error.token;
    return { parser, problem: { message: error.message, undefined: error.undefinedName, from, to } };
  }
}
