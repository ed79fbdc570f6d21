import { checkTemplate, RULE_TEMPLATE, type TemplateChain, templateFields } from '../../go-template';
import { isAlert, type Rule } from '../model';
import type { RuleCheck } from './rule-check';

/** Fields of the data in a rule's template: `AlertTemplateData` in Prometheus' template/template.go. */
const FIELDS: ReadonlySet<string> = new Set(['Labels', 'ExternalLabels', 'ExternalURL', 'Value']);

/** Actions that change the meaning of the dot. */
export const NEW_DOT = /\{\{-?\s*(range|with|define|block)\b/;

/** Checks on templates in the labels and annotations of alerts. */
export const templateChecks: readonly RuleCheck[] = [
  {
    id: 'rule-template',
    *rule({ rule }) {
      for (const { field, text } of templatesOf(rule)) {
        for (const { message, undefined: name, from } of checkTemplate(text, RULE_TEMPLATE)) {
          yield {
            field,
            offset: from,
            problem: `invalid template: ${message}`,
            fix: name === '$externalURL' ? 'use {{ externalURL }}' : 'correct it',
          };
        }
      }
    },
  },
  {
    id: 'rule-template-field',
    *rule({ rule }) {
      for (const { field, text } of templatesOf(rule)) {
        if (NEW_DOT.test(text)) continue;
        for (const [root, name] of templateFields(text)) {
          if (root !== '' || name === undefined || FIELDS.has(name)) continue;
          yield {
            field,
            problem: `unknown field ".${name}", so Loki replaces the text with an error message`,
            fix: `use {{ $labels.${name} }} for a label, or {{ $value }}`,
          };
        }
      }
    },
  },
  {
    id: 'value-in-label',
    *rule({ rule }) {
      for (const { field, text } of templatesOf(rule)) {
        if (field[0] !== 'labels' || !changes(text)) continue;
        yield {
          field,
          problem: `label "${field[1]}" changes at each evaluation, and each change is a new alert: "for" starts again, and every alert is notified`,
          fix: 'move it to an annotation',
        };
      }
    },
  },
];

/** Labels and annotations of an alert that contain a template; none for recording rules. */
export function templatesOf(rule: Rule): { readonly field: readonly [string, string]; readonly text: string }[] {
  if (!isAlert(rule)) return [];
  return (['labels', 'annotations'] as const).flatMap((map) =>
    Object.entries(rule[map] ?? {})
      .filter(([, text]) => text.includes('{{'))
      .map(([name, text]) => ({ field: [map, name] as const, text })),
  );
}

/** True if a template outputs the value or the time. Using them only in a condition, to choose a severity, is fine. */
function changes(text: string): boolean {
  const shown = text.replace(/(\{\{-?\s*(?:else\s+)?if\b)[^}]*/g, '$1 true ');
  const isValue = ([root, name]: TemplateChain) => root === '$value' || (root === '' && name === 'Value');
  const actions = shown.split('{{').slice(1);
  return templateFields(shown).some(isValue) || actions.some((action) => /^[^}]*\bnow\b/.test(action));
}
