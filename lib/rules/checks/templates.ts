import {
  checkTemplate,
  type ExecutionProblem,
  executionProblems,
  parseTemplate,
  RULE_DATA,
  RULE_VARIABLES,
  ruleFunctions,
  ruleTemplate,
  type TemplateChain,
  templateFields,
} from '../../go-template';
import { parseLogQL } from '../../logql';
import { DEFAULT_LOKI } from '../../versions/loki';
import { COMMON_COLLECTOR_LABELS } from '../check-options';
import { isAlert, type Rule } from '../model';
import type { RuleCheck } from './rule-check';

/** Templates of the version in the manifests: whether a version has a function is reported once, by `rule-template`. */
const RULE_TEMPLATE = ruleTemplate(DEFAULT_LOKI);

/** Actions that change the meaning of the dot. */
export const NEW_DOT = /\{\{-?\s*(range|with|define|block)\b/;

/** Checks on templates in the labels and annotations of alerts. */
export const templateChecks: readonly RuleCheck[] = [
  {
    id: 'rule-template',
    *rule({ rule, options: { lokiVersion = DEFAULT_LOKI } }) {
      for (const { field, text } of templatesOf(rule)) {
        for (const { message, undefined: name, from } of checkTemplate(text, ruleTemplate(lokiVersion))) {
          yield { field, offset: from, problem: `invalid template: ${message}`, fix: syntaxFix(text, name) };
        }
      }
    },
  },
  {
    id: 'rule-template-field',
    *rule({ rule }) {
      for (const { field, text } of templatesOf(rule)) {
        for (const { field: wrong, from } of failures(text)) {
          if (!wrong || wrong.type !== RULE_DATA) continue;
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
    *rule({ rule }) {
      for (const { field, text } of templatesOf(rule)) {
        for (const { message, field: wrong, from } of [...failures(text), ...notNumbers(text)]) {
          if (wrong?.type === RULE_DATA) continue;
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
    id: 'rule-template-text',
    *rule({ rule }) {
      for (const { field, text } of textsOf(rule)) {
        const found = checkTemplate(text, RULE_TEMPLATE).length === 0 && verbatim(text);
        if (found) yield { field, offset: found.offset, problem: `"${found.text}" is not replaced`, fix: found.fix };
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
export function templatesOf(rule: Rule): RuleText[] {
  return textsOf(rule).filter(({ text }) => text.includes('{{'));
}

interface RuleText {
  readonly field: readonly [string, string];
  readonly text: string;
}

function textsOf(rule: Rule): RuleText[] {
  if (!isAlert(rule)) return [];
  return (['labels', 'annotations'] as const).flatMap((map) =>
    Object.entries(rule[map] ?? {}).map(([name, text]) => ({ field: [map, name] as const, text })),
  );
}

const FUNCTIONS = ruleFunctions((query) => {
  const { expr, problems } = parseLogQL(query);
  if (problems[0]) return `query expects LogQL, and in "${query}": ${problems[0].problem}`;
  return expr?.kind === 'log' ? `query expects series, got the log query "${query}"` : undefined;
});

/** Errors of the execution of a template, without those of parsing it. */
function failures(text: string): ExecutionProblem<undefined>[] {
  const template = parseTemplate(text);
  if (!template || checkTemplate(text, RULE_TEMPLATE).length > 0) return [];
  const templates = new Map([...template.definitions].map(([name, nodes]) => [name, { nodes, owner: undefined }]));
  return executionProblems(template.nodes, RULE_DATA, {
    functions: FUNCTIONS,
    templates,
    callProblem: (name) => `template "${name}" is not defined`,
    variables: RULE_VARIABLES,
  });
}

const HUMANIZED =
  /\{\{-?\s*(?:\$labels|\.Labels)\.(\w+)\s*\|\s*(humanize\w*)|(humanize\w*)\s+(?:\$labels|\.Labels)\.(\w+)/g;

/** `{{ $labels.app | humanize }}`: names of programs are not numbers. */
function notNumbers(text: string): { message: string; from: number; field?: undefined }[] {
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

function syntaxFix(text: string, name: string | undefined): string {
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
  const bare = /\$(?:labels\.\w+|value\b)/.exec(outside);
  return (
    found(
      /\{\{-?\s*`[^`]*\{\{.*?`\s*-?\}\}/s,
      'remove the quotes: they are for Helm, which this file does not pass through',
    ) ??
    found(/\{%-?\s*(?:end)?raw\s*-?%\}/, 'remove it: it is for Jinja, which this file does not pass through') ??
    (bare ? { text: bare[0], offset: bare.index, fix: `use {{ ${bare[0]} }}` } : undefined)
  );
}

/** True if a template outputs the value or the time. Using them only in a condition, to choose a severity, is fine. */
function changes(text: string): boolean {
  const shown = text.replace(/(\{\{-?\s*(?:else\s+)?if\b)[^}]*/g, '$1 true ');
  const isValue = ([root, name]: TemplateChain) => root === '$value' || (root === '' && name === 'Value');
  const actions = shown.split('{{').slice(1);
  return templateFields(shown).some(isValue) || actions.some((action) => /^[^}]*\bnow\b/.test(action));
}
