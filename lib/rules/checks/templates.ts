import { checkTemplate, RULE_TEMPLATE, type TemplateChain, templateFields } from '../../go-template';
import { isAlert, type Rule } from '../model';
import type { Check } from './check';

/** Fields of the data that a rule's template gets: `AlertTemplateData` in Prometheus' template/template.go. */
const FIELDS: ReadonlySet<string> = new Set(['Labels', 'ExternalLabels', 'ExternalURL', 'Value']);

/** Actions in which the dot is something else. */
export const NEW_DOT = /\{\{-?\s*(range|with|define|block)\b/;

/** Templates in the labels and annotations of alerts. */
export const templateChecks: readonly Check[] = [
  {
    id: 'rule-template',
    severity: 'error',
    *rule({ rule }) {
      for (const { field, text } of templatesOf(rule)) {
        for (const { message, from } of checkTemplate(text, RULE_TEMPLATE)) {
          const externalUrl = message.includes('$externalURL') ? "; write '{{ externalURL }}'" : '';
          yield {
            field,
            offset: from,
            message: `the template of ${field.join(' ')} is broken and Loki refuses the whole file: ${message}${externalUrl}`,
          };
        }
      }
    },
  },
  {
    id: 'rule-template-field',
    severity: 'error',
    *rule({ rule }) {
      for (const { field, text } of templatesOf(rule)) {
        if (NEW_DOT.test(text)) continue;
        for (const [root, name] of templateFields(text)) {
          if (root !== '' || name === undefined || FIELDS.has(name)) continue;
          yield {
            field,
            message: `there is no '.${name}' in the template of ${field.join(' ')}, so the message is an error text; write '{{ $labels.${name} }}' for a label, or '{{ $value }}'`,
          };
        }
      }
    },
  },
  {
    id: 'value-in-label',
    severity: 'warning',
    *rule({ rule }) {
      for (const { field, text } of templatesOf(rule)) {
        if (field[0] !== 'labels' || !changes(text)) continue;
        yield {
          field,
          message: `label '${field[1]}' has another value at each evaluation, so each is a new alert: 'for' starts anew and every one is notified; put it into an annotation`,
        };
      }
    },
  },
];

/** The labels and annotations of an alert that hold a template; recording rules have none. */
export function templatesOf(rule: Rule): { readonly field: readonly [string, string]; readonly text: string }[] {
  if (!isAlert(rule)) return [];
  return (['labels', 'annotations'] as const).flatMap((map) =>
    Object.entries(rule[map] ?? {})
      .filter(([, text]) => text.includes('{{'))
      .map(([name, text]) => ({ field: [map, name] as const, text })),
  );
}

/** Whether a template tells the value or the time. One that only asks for it, to choose a severity, is stable enough. */
function changes(text: string): boolean {
  const told = text.replace(/(\{\{-?\s*(?:else\s+)?if\b)[^}]*/g, '$1 true ');
  const isValue = ([root, name]: TemplateChain) => root === '$value' || (root === '' && name === 'Value');
  const actions = told.split('{{').slice(1);
  return templateFields(told).some(isValue) || actions.some((action) => /^[^}]*\bnow\b/.test(action));
}
