import type { TemplateNode } from './ast';
import { type TemplateCall, TemplateParser } from './parser';
import type { TemplateChain, TemplateDialect } from './pipeline';
import { TemplateSyntaxError } from './token-reader';

export { callsOf } from './calls';
export { type ComputedText, type FilledText, filled, type UnknownValue } from './computed-text';
export * from './dialects';
export {
  type DefinedTemplate,
  type ExecutionContext,
  type ExecutionProblem,
  type ExecutionResult,
  execute,
} from './execution';
export { ALERT, ALERT_FIELDS, DATA, notificationData, notificationFunctions } from './notification-types';
export type { TemplateChain, TemplateDialect } from './pipeline';
export { ruleData, ruleFunctions, ruleVariables } from './rule-types';
export type { GoFunction, GoType } from './types';

/** A problem in a template, with its position. */
export interface TemplateProblem {
  readonly message: string;
  /** Undefined function or variable (`$name`). @default none, another kind of problem */
  readonly undefined?: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Returns the error of Go's text/template when it parses a template: at most one, because Go stops at the first.
 *
 * @param dialect available functions and variables
 */
export function checkTemplate(text: string, dialect: TemplateDialect): TemplateProblem[] {
  const { problem } = read(text, dialect);
  return problem ? [problem] : [];
}

/**
 * Returns the chains of names that a template reads, such as `['', 'Labels', 'app']` for `.Labels.app`, and
 * `['$labels', 'app']` for `$labels.app` and `index $labels "app"`; only those before the first error.
 */
export function templateFields(text: string): readonly TemplateChain[] {
  return read(text).parser.chains;
}

/** Returns the functions that a template calls; only those before the first error. */
export function templateFunctions(text: string): readonly string[] {
  return read(text).parser.functions;
}

/** Returns the templates that a text defines, and those that it calls; only those before the first error. */
export function templateNames(text: string): {
  readonly defined: readonly string[];
  readonly called: readonly TemplateCall[];
} {
  const { parser } = read(text);
  return { defined: [...parser.definitions.keys()], called: parser.calls };
}

/** A template, and those that it defines by name. */
export interface ParsedTemplate {
  readonly nodes: readonly TemplateNode[];
  readonly definitions: ReadonlyMap<string, readonly TemplateNode[]>;
}

/**
 * Parses a template; undefined if `checkTemplate` has a problem with it.
 *
 * @param dialect available functions and variables @default any
 */
export function parseTemplate(text: string, dialect?: TemplateDialect): ParsedTemplate | undefined {
  const { parser, nodes } = read(text, dialect);
  return nodes && { nodes, definitions: parser.definitions };
}

interface Read {
  readonly parser: TemplateParser;
  /** @default none, there is a problem */
  readonly nodes?: readonly TemplateNode[];
  readonly problem?: TemplateProblem;
}

function read(text: string, dialect?: TemplateDialect): Read {
  const parser = new TemplateParser(text, dialect);
  try {
    return { parser, nodes: parser.parse() };
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) {
      throw error;
    }
    const { from, to } = error.token;
    return { parser, problem: { message: error.message, undefined: error.undefinedName, from, to } };
  }
}
