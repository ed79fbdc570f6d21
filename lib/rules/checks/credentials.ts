import { credentialNamed } from '../../credentials';
import { isAlert, type Rule } from '../model';
import type { RuleCheck } from './rule-check';

/** Credentials in what alerts show. */
export const credentialChecks: readonly RuleCheck[] = [
  {
    id: 'inline-secret',
    *rule({ rule }) {
      for (const [field, name, text] of shownTexts(rule)) {
        const what = credentialNamed(name, text);
        if (what === undefined) continue;
        yield {
          field: [field, name],
          problem: `${field.slice(0, -1)} '${name}' contains ${what}, which every receiver of the alert and every reader of this file can see`,
          fix: 'remove it, and say where it is kept',
        };
      }
    },
  },
];

/** The labels and annotations of a rule. */
function shownTexts(rule: Rule): (readonly ['labels' | 'annotations', string, string])[] {
  const annotations = isAlert(rule) ? Object.entries(rule.annotations ?? {}) : [];
  return [
    ...Object.entries(rule.labels ?? {}).map(([name, text]) => ['labels', name, text] as const),
    ...annotations.map(([name, text]) => ['annotations', name, text] as const),
  ];
}
