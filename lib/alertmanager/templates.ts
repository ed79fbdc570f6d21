import type { Path } from '../checks/findings';
import { checkTemplate, notificationTemplate, type TemplateDialect, templateFields } from '../go-template';
import type { AlertmanagerVersion } from '../versions/alertmanager';
import type { SourceText } from '../yaml/source';
import type { AlertmanagerConfig } from './config/config';
import { ConfigFindings } from './config/config-findings';
import { alertmanagerConfig } from './config/config-schema';
import type { Leaf } from './config/schema';
import { checkShape } from './config/shape';
import { failureOf } from './receivers/failure';

/** A message template in a field of a receiver. */
export interface MessageTemplate {
  readonly path: Path;
  readonly text: string;
}

/** A file of message templates, as named by `templates`. */
export interface TemplateFile {
  /** Name of the file, for findings. */
  readonly file: string;
  readonly text: string;
  /** Returns the place of an offset in the text. @default a place in a file of that name */
  readonly placeAt?: SourceText['placeAt'];
}

/** Templates that Alertmanager parses when it starts have none of its functions. */
const BUILTINS: TemplateDialect = { functions: new Set(), variables: new Set() };

/** Reports invalid templates in a value: Alertmanager only finds most of them when it notifies. */
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
      report.add('template-syntax', at, { problem: `${problem}, so ${failureOf(path)}`, fix: 'correct it' });
    }
  }
}

/** Returns the message templates in all receivers. */
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

/** Methods of annotations and labels in templates. Upstream: `KV` in `template/template.go`. */
const METHODS = new Set(['SortedPairs', 'Remove', 'Names', 'Values']);

/** Actions that accept a missing value: `if`, `with` and `or`. */
const CHOICE = /\{\{-?\s*(?:(?:else\s+)?(?:if|with)\s([\s\S]*?)|([^{}]*\bor\s[^{}]*))-?\}\}/g;

/** Returns the annotations that a template requires. Those that it tests with `if`, `with` or `or` may be missing. */
export const neededAnnotations = (text: string) => needed(text, ['Annotations', 'CommonAnnotations']);

/** Returns the labels that a template requires, in the same way. */
export const neededLabels = (text: string) => needed(text, ['Labels', 'CommonLabels', 'GroupLabels']);

function needed(text: string, fields: readonly string[]): Set<string> {
  const optional = new Set(
    [...text.matchAll(CHOICE)].flatMap(([, condition, choice]) => [...used(`{{ ${condition ?? choice} }}`, fields)]),
  );
  return new Set([...used(text, fields)].filter((name) => !optional.has(name)));
}

function used(text: string, fields: readonly string[]): Set<string> {
  const names = templateFields(text).flatMap((chain) => {
    const at = chain.findIndex((name) => fields.includes(name));
    const name = at < 0 ? undefined : chain[at + 1];
    return name === undefined || METHODS.has(name) ? [] : [name];
  });
  return new Set(names);
}
