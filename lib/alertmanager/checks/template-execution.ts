import { basename } from 'node:path';
import { type Diagnosis, type Finding, finding, inFileOrder, type Path } from '../../checks/findings';
import {
  ALERT,
  ALERT_FIELDS,
  DATA,
  type DefinedTemplate,
  type ExecutionProblem,
  execute,
  type GoType,
  notificationData,
  notificationFunctions,
  type ParsedTemplate,
  parseTemplate,
} from '../../go-template';
import { didYouMean } from '../../text/did-you-mean';
import { DEFAULT_ALERTMANAGER } from '../../versions/alertmanager';
import { sourceText } from '../../yaml/source';
import { ConfigFindings } from '../config/config-findings';
import { failureOf } from '../receivers/failure';
import { messageTemplates, type TemplateFile } from '../templates';
import { defaultTemplateProblem } from './default-templates';
import type { TemplatesProps } from './template-names';

/**
 * Reports templates that Alertmanager parses but cannot execute: an unknown field, an argument of the wrong type, an
 * invalid regular expression; and the mistakes of `printf`, which it writes into the message. Templates that no receiver
 * calls are left out, because their dot is unknown.
 */
export function checkTemplateExecution({
  config,
  files,
  positions,
  written,
  version = DEFAULT_ALERTMANAGER,
}: TemplatesProps): Finding[] {
  const inFiles = filesTemplates(files);
  const dot = notificationData(version);
  const report = new ConfigFindings(config, positions, written);
  const found = new Map<string, Finding>();
  for (const { path, text } of messageTemplates(config)) {
    const template = parseTemplate(text);
    if (!template) continue;
    const { problems, formatProblems } = execute<TemplateFile | undefined>(template.nodes, dot, {
      functions: notificationFunctions(version),
      templates: new Map([...inFiles, ...templatesOf(template, undefined)]),
      callProblem: defaultTemplateProblem,
    });
    const add = (
      id: 'template-execution' | 'template-format',
      { owner, from, message }: { readonly owner?: TemplateFile; readonly from: number; readonly message: string },
      wrong: Diagnosis,
    ) => {
      if (!owner) return report.add(id, path, wrong);
      const { placeAt = sourceText(owner.file, owner.text).placeAt } = owner;
      // The effect depends on the receiver: the first is reported.
      const key = JSON.stringify([id, owner.file, from, message]);
      if (!found.has(key)) found.set(key, finding(id, { ...wrong, place: placeAt(from) }));
    };
    for (const problem of problems) add('template-execution', problem, diagnosis(problem, path));
    for (const problem of formatProblems)
      add('template-format', problem, { problem: problem.message, fix: problem.fix });
  }
  return [...inFileOrder([...found.values()]), ...report.inOrder()];
}

/** Templates that files define; a later file replaces those of an earlier one. */
function filesTemplates(files: readonly TemplateFile[]): [string, DefinedTemplate<TemplateFile | undefined>][] {
  return files.flatMap((file) => {
    const template = parseTemplate(file.text);
    if (!template) return [];
    // Text outside of all `define`s is a template too, named after the file.
    return [[basename(file.file), { nodes: template.nodes, owner: file }], ...templatesOf(template, file)];
  });
}

function templatesOf<Owner>({ definitions }: ParsedTemplate, owner: Owner): [string, DefinedTemplate<Owner>][] {
  return [...definitions].map(([name, nodes]) => [name, { nodes, owner }]);
}

function diagnosis(problem: ExecutionProblem<unknown>, path: Path): Diagnosis {
  const { message, field } = problem;
  const fix = field ? fieldFix(field) : 'correct it';
  return { problem: `the template fails: ${message}, so ${failureOf(path)}`, fix };
}

type UnknownField = NonNullable<ExecutionProblem<unknown>['field']>;

/** Returns what to write instead of a field that the dot does not have. */
function fieldFix({ type, name, root }: UnknownField): string {
  const ofAlert = ALERT_FIELDS.includes(name);
  const rooted = type.name !== DATA && Object.hasOwn(root.fields ?? {}, name);
  if (type.name === DATA && HELM.includes(name)) return 'render the chart first: Alertmanager has no Helm values';
  if (type.name === DATA && ofAlert) {
    const common = name === 'Labels' || name === 'Annotations' ? `use .Common${name}, or ` : '';
    return `${common}put it in {{ range .Alerts }}…{{ end }}`;
  }
  if (type.name === ALERT && root.name === ALERT && name.startsWith('Common'))
    return `use .${name.replace('Common', '')}: the template is called with one alert`;
  if (rooted) return `use $.${name}: the dot is ${type.name} here`;
  if (ofAlert && isAlerts(type)) return 'put it in a range over the alerts, e.g. {{ range .Alerts }}…{{ end }}';
  if (type.name === ALERT && /^values?$/i.test(name))
    return 'show the value in an annotation of the alert, with {{ $value }}';
  return `correct the name${didYouMean(name, [...Object.keys(type.fields ?? {}), ...Object.keys(type.methods ?? {})])}`;
}

/** Objects of Helm's templates. */
const HELM = ['Values', 'Release', 'Chart', 'Files', 'Capabilities'];

function isAlerts({ items }: GoType): boolean {
  return items?.name === ALERT;
}
