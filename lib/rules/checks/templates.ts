import { checkTemplate, RULE_TEMPLATE, ruleTemplate, type TemplateChain, templateFields } from '../../go-template';
import { COMMON_COLLECTOR_LABELS } from '../check-options';
import { executedTemplates, templatesOf, textsOf } from './executed-templates';
import type { RuleCheck } from './rule-check';

/** Checks on templates in the labels and annotations of alerts. */
export const templateChecks: readonly RuleCheck[] = [
  {
    id: 'rule-template',
    *rule({ rule, options: { lokiVersion } }) {
      for (const { field, text } of templatesOf(rule)) {
        for (const { message, undefined: name, from } of checkTemplate(text, ruleTemplate(lokiVersion))) {
          yield { field, offset: from, problem: `invalid template: ${message}`, fix: syntaxFix(text, name, message) };
        }
      }
    },
  },
  {
    id: 'rule-template-field',
    *rule(scope) {
      for (const { field, problems } of executedTemplates(scope)) {
        for (const { field: wrong, from } of problems) {
          if (wrong?.of !== 'alert') continue;
          yield {
            field,
            offset: from,
            problem: `unknown field ".${wrong.name}", so Loki replaces the text with an error message`,
            fix: fieldFix(wrong.name),
          };
        }
      }
    },
  },
  {
    id: 'rule-template-execution',
    *rule(scope) {
      for (const { field, text, problems } of executedTemplates(scope)) {
        const failures = problems.filter(({ field: wrong }) => wrong === undefined || wrong.of === 'other');
        for (const { message, from } of [...failures, ...notNumbers(text)]) {
          yield {
            field,
            offset: from,
            problem: `the template fails: ${message}, so Loki replaces the text with an error message`,
            fix: 'correct it',
          };
        }
      }
    },
  },
  {
    id: 'template-printf',
    *rule(scope) {
      for (const { field, formatProblems } of executedTemplates(scope)) {
        for (const { message, fix, from } of formatProblems) yield { field, offset: from, problem: message, fix };
      }
    },
  },
  {
    id: 'rule-template-text',
    *rule({ rule }) {
      for (const { field, text } of textsOf(rule)) {
        const found = verbatim(text);
        if (found && checkTemplate(text, RULE_TEMPLATE).length === 0)
          yield { field, offset: found.offset, problem: `"${found.text}" is not replaced`, fix: found.fix };
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

const HUMANIZED =
  /\{\{-?\s*(?:\$labels|\.Labels)\.(\w+)\s*\|\s*(humanize\w*)|(humanize\w*)\s+(?:\$labels|\.Labels)\.(\w+)/g;

/** `{{ $labels.app | humanize }}`: names of programs are not numbers. */
function notNumbers(text: string): { message: string; from: number }[] {
  return [...text.matchAll(HUMANIZED)].flatMap(({ 1: piped, 2: after, 3: before, 4: argument, index }) => {
    const [name = '', label = ''] = [before ?? after, argument ?? piped];
    if (!COMMON_COLLECTOR_LABELS.includes(label)) return [];
    return [{ message: `${name} expects a number, got the label "${label}"`, from: index }];
  });
}

/** Fields of notifications, which Alertmanager knows and the ruler does not. */
const NOTIFICATION = /^(Common|Group)(Labels|Annotations)$|^(Alerts|Status|Receiver|Annotations)$/;

function fieldFix(name: string): string {
  return NOTIFICATION.test(name)
    ? `.${name} is only known in notifications: use {{ $labels.… }} for a label`
    : `use {{ $labels.${name} }} for a label, or {{ $value }}`;
}

function syntaxFix(text: string, name: string | undefined, message: string): string {
  if (/ not defined before version \S+$/.test(message)) return 'remove it, or upgrade Loki';
  const [, variable, label] = /\$(labels|externalLabels)\s*\[\s*["']?(\w+)/.exec(text) ?? [];
  if (name === '$externalURL') return 'use {{ externalURL }}';
  // Grafana's own alerting has these.
  if (name === '$values') return 'use {{ $value }}: there is one value';
  if (variable !== undefined) return `use $${variable}.${label}, or index $${variable} "${label}"`;
  return 'correct it';
}

/** Syntax of another program, or of none, that appears in the message as it is. */
function verbatim(text: string): { readonly text: string; readonly offset: number; readonly fix: string } | undefined {
  const found = (regexp: RegExp, fix: string) => {
    const match = regexp.exec(text);
    return match && { text: match[0], offset: match.index, fix };
  };
  // Without what is in actions, in their length.
  const outside = text.replace(/\{\{(?:`[^`]*`|"(?:\\.|[^"\\])*"|[^}"`]|\}(?!\}))*\}\}/g, (action) =>
    ' '.repeat(action.length),
  );
  const bare = /\$(?:\{(labels\.\w+|value)\}|(labels\.\w+|value\b))/.exec(outside);
  return (
    found(
      /\{\{-?\s*`[^`]*\{\{.*?`\s*-?\}\}/s,
      'remove the quotes: they are for Helm, which this file does not pass through',
    ) ??
    found(/\{%-?\s*(?:end)?raw\s*-?%\}/, 'remove it: it is for Jinja, which this file does not pass through') ??
    (bare ? { text: bare[0], offset: bare.index, fix: `use {{ $${bare[1] ?? bare[2]} }}` } : undefined)
  );
}

/** True if a template outputs the value or the time. Using them only in a condition, to choose a severity, is fine. */
function changes(text: string): boolean {
  const shown = text.replace(/(\{\{-?\s*(?:else\s+)?if\b)[^}]*/g, '$1 true ');
  const isValue = ([root, name]: TemplateChain) => root === '$value' || (root === '' && name === 'Value');
  const actions = shown.split('{{').slice(1);
  return templateFields(shown).some(isValue) || actions.some((action) => /^[^}]*\bnow\b/.test(action));
}
