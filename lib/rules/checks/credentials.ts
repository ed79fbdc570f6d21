import { credentialNamed } from '../../credentials';
import { isAlert, type Rule } from '../model';
import type { RuleCheck } from './rule-check';

/** Checks for credentials in the texts that alerts show. */
export const credentialChecks: readonly RuleCheck[] = [
  {
    id: 'inline-secret',
    *rule({ rule }) {
      for (const [field, name, text] of shownTexts(rule)) {
        const what = credentialNamed(name, text);
        if (what === undefined) continue;
        yield {
          field: [field, name],
          problem: `${field.slice(0, -1)} "${name}" contains ${what}, which everyone who receives the alert or reads this file can see`,
          fix: 'remove it, and name the place where it is stored instead',
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
