import type { Path } from '../checks/findings';
import { checkTemplate, notificationTemplate, type TemplateDialect, templateFields } from '../go-template';
import type { AlertmanagerVersion } from '../versions/alertmanager';
import type { SourceText } from '../yaml/source';
import type { AlertmanagerConfig } from './config/config';
import { ConfigFindings } from './config/config-findings';
import { alertmanagerConfig } from './config/config-schema';
import type { Leaf } from './config/schema';
import { checkShape } from './config/shape';

/** A message template in a field of a receiver. */
export interface MessageTemplate {
  readonly path: Path;
  readonly text: string;
}

/** A file of message templates, which `templates` names. */
export interface TemplateFile {
  /** Its name, for findings. */
  readonly file: string;
  readonly text: string;
  /** Place of an offset in the text. @default in a file of that name */
  readonly placeAt?: SourceText['placeAt'];
}

/** What Alertmanager parses when it starts has none of its functions. */
const BUILTINS: TemplateDialect = { functions: new Set(), variables: new Set() };

/** Errors in the templates of a value: most of them Alertmanager finds only when it must notify. */
export function checkTemplates(
  path: Path,
  leaf: Leaf,
  value: unknown,
  report: ConfigFindings,
  version: AlertmanagerVersion,
): void {
  const texts = leaf.template ? textsIn(path, value) : [];
  for (const { path: at, text } of texts) {
    const [invalid] = checkTemplate(text, leaf.template === 'load' ? BUILTINS : notificationTemplate(version));
    if (!invalid) continue;
    const { message } = invalid;
    const problem = `invalid template: ${message}`;
    if (leaf.template === 'load') {
      const fix = 'correct it; the functions of Alertmanager are not supported here';
      report.add('alertmanager-value', at, { problem, fix });
    } else {
      report.add('template-syntax', at, { problem: `${problem}, so no notification can be sent`, fix: 'correct it' });
    }
  }
}

/** The message templates of all receivers, by their path. */
export function messageTemplates(config: AlertmanagerConfig): MessageTemplate[] {
  const found: MessageTemplate[] = [];
  checkShape(config, alertmanagerConfig, [], new ConfigFindings(config), (path, leaf, value) => {
    if (leaf.template) found.push(...textsIn(path, value));
  });
  return found;
}

function textsIn(path: Path, value: unknown): MessageTemplate[] {
  if (typeof value === 'string') return value.includes('{{') ? [{ path, text: value }] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn([...path, index], item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => textsIn([...path, name], item));
}

/** What templates can call on annotations and labels, beside asking for one. Upstream: `KV` in `template/template.go`. */
const METHODS = new Set(['SortedPairs', 'Remove', 'Names', 'Values']);

/** Actions that do without: `if`, `with`, and a choice by `or`. */
const CHOICE = /\{\{-?\s*(?:(?:else\s+)?(?:if|with)\s([\s\S]*?)|([^{}]*\bor\s[^{}]*))-?\}\}/g;

/** The annotations that a template needs. One that it asks for with `if`, `with` or `or` may be missing. */
export const neededAnnotations = (text: string) => needed(text, ['Annotations', 'CommonAnnotations']);

/** The labels that a template needs, in the same way. */
export const neededLabels = (text: string) => needed(text, ['Labels', 'CommonLabels', 'GroupLabels']);

function needed(text: string, fields: readonly string[]): Set<string> {
  const optional = new Set(
    [...text.matchAll(CHOICE)].flatMap(([, condition, choice]) => [...asked(`{{ ${condition ?? choice} }}`, fields)]),
  );
  return new Set([...asked(text, fields)].filter((name) => !optional.has(name)));
}

function asked(text: string, fields: readonly string[]): Set<string> {
  const names = templateFields(text).flatMap((chain) => {
    const at = chain.findIndex((name) => fields.includes(name));
    const name = at < 0 ? undefined : chain[at + 1];
    return name === undefined || METHODS.has(name) ? [] : [name];
  });
  return new Set(names);
}
