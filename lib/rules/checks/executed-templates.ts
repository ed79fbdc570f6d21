import {
  type ComputedText,
  type ExecutionProblem,
  type ExecutionResult,
  execute,
  parseTemplate,
  RULE_TEMPLATE,
  ruleData,
  ruleFunctions,
  ruleVariables,
} from '../../go-template';
import { type Expr, outputLabels } from '../../logql';
import { isAlert, type Rule } from '../model';
import type { RuleScope } from './rule-check';
import { readTemplateQuery, type TemplateQuery } from './template-query';

/** A label or annotation of an alert. */
export interface RuleText {
  readonly field: readonly ['labels' | 'annotations', string];
  readonly text: string;
}

/** A problem of the execution of a template. */
export interface TemplateFailure {
  readonly message: string;
  readonly from: number;
  /** A field that does not exist. @default none, another problem */
  readonly field?: MissingField;
}

type MissingField =
  /** Of the data of the alert, or of another value. */
  | { readonly of: 'alert' | 'other'; readonly name: string }
  /** Of the labels of the alert, or of a sample of a query; it is empty. */
  | { readonly of: 'labels' | 'sample'; readonly name: string; readonly keys: ReadonlySet<string> };

/** A template that was executed with types. */
export interface ExecutedTemplate extends RuleText, Pick<ExecutionResult<undefined>, 'formatProblems'> {
  readonly problems: readonly TemplateFailure[];
  /** Queries that it sends. */
  readonly queries: readonly TemplateQuery[];
}

/** Labels and annotations of an alert; none for recording rules. */
export function textsOf(rule: Rule): RuleText[] {
  if (!isAlert(rule)) return [];
  return (['labels', 'annotations'] as const).flatMap((map) =>
    Object.entries(rule[map] ?? {}).map(([name, text]) => ({ field: [map, name] as const, text })),
  );
}

/** Labels and annotations of an alert that contain a template. */
export function templatesOf(rule: Rule): RuleText[] {
  return textsOf(rule).filter(({ text }) => text.includes('{{'));
}

/** Results by rule, which several checks use. */
const EXECUTED = new WeakMap<Rule, readonly ExecutedTemplate[]>();

/** Executes the templates of a rule that Loki parses. */
export function executedTemplates({ rule, query }: Pick<RuleScope, 'rule' | 'query'>): readonly ExecutedTemplate[] {
  const before = EXECUTED.get(rule);
  if (before) return before;
  const labels = query && exactLabels(query);
  const executed = templatesOf(rule).flatMap((text) => executedTemplate(text, labels));
  EXECUTED.set(rule, executed);
  return executed;
}

function executedTemplate(written: RuleText, labels: ReadonlySet<string> | undefined): ExecutedTemplate[] {
  const template = parseTemplate(written.text, RULE_TEMPLATE);
  if (!template) return [];
  const queries = new Map<string, TemplateQuery>();
  const labelsOf = (text: ComputedText | undefined) => {
    if (!text) return undefined;
    const query = readTemplateQuery(text);
    queries.set(JSON.stringify([text.text, text.offsets[0]]), query);
    return query.expr && exactLabels(query.expr);
  };
  const data = ruleData(labels);
  const { problems, formatProblems } = execute(template.nodes, data, {
    functions: ruleFunctions(labelsOf),
    templates: new Map([...template.definitions].map(([name, nodes]) => [name, { nodes, owner: undefined }])),
    callProblem: (name) => `template "${name}" is not defined`,
    variables: ruleVariables(labels),
  });
  const failures = problems.map(({ message, from, field }) => ({ message, from, field: missing(field, data, labels) }));
  return [{ ...written, problems: failures, formatProblems, queries: [...queries.values()] }];
}

/** Labels of the result of an expression, if all of them are known. */
function exactLabels(expr: Expr): ReadonlySet<string> | undefined {
  const { exact, labels } = outputLabels(expr);
  return exact ? labels : undefined;
}

function missing(
  field: ExecutionProblem<undefined>['field'],
  data: object,
  labels: ReadonlySet<string> | undefined,
): MissingField | undefined {
  if (!field) return undefined;
  const { type, name } = field;
  if (type.keys) return { of: type.keys === labels ? 'labels' : 'sample', name, keys: type.keys };
  return { of: type === data ? 'alert' : 'other', name };
}
