import type { Path } from '../../checks/findings';
import type { AlertmanagerConfig } from '../config/config';
import type { ConfigFindings } from '../config/config-findings';
import { formatMatcher, parseMatchers } from '../matchers/matchers';
import type { MatcherText } from '../matchers/text';
import { visitRoutes } from './names';

/** Reports matchers that are invalid, deprecated, or only supported by the classic parser. */
export function checkMatchers(config: AlertmanagerConfig, report: ConfigFindings): void {
  const check = (lines: readonly string[] | undefined, path: Path) => {
    (lines ?? []).forEach((line, index) => {
      checkLine(line, [...path, index], report);
    });
  };
  const checkMatch = (match: Readonly<Record<string, string>> = {}, path: Path) => {
    for (const [name, value] of Object.entries(match))
      checkValue({ name, operator: '=', value }, [...path, name], report);
  };
  const deprecated = (from: object, fields: readonly string[], path: Path, instead: string) => {
    for (const field of fields.filter((name) => Object.hasOwn(from, name))) {
      const problem = `deprecated field "${field}"`;
      const fix = `use ${instead}, e.g. ${instead}: ['severity="critical"']`;
      report.add('alertmanager-deprecated', [...path, field], { problem, fix }, 'name');
    }
  };
  if (config.route) {
    visitRoutes(config.route, ['route'], (route, path) => {
      check(route.matchers, [...path, 'matchers']);
      deprecated(route, ['match', 'match_re'], path, 'matchers');
      checkMatch(route.match, [...path, 'match']);
    });
  }
  (config.inhibit_rules ?? []).forEach((rule, index) => {
    const path = ['inhibit_rules', index];
    for (const side of ['source', 'target'] as const) {
      check(rule[`${side}_matchers`], [...path, `${side}_matchers`]);
      deprecated(rule, [`${side}_match`, `${side}_match_re`], path, `${side}_matchers`);
      checkMatch(rule[`${side}_match`], [...path, `${side}_match`]);
    }
  });
}

function checkLine(line: string, path: Path, report: ConfigFindings): void {
  const parsed = parseMatchers(line);
  if ('problem' in parsed) {
    const problem = `invalid matcher ${JSON.stringify(line)}: ${parsed.problem}`;
    const fix = 'use a label, an operator and a quoted value, e.g. severity="critical" or team=~"a|b"';
    report.add('matcher-syntax', path, { problem, fix });
    return;
  }
  for (const matcher of parsed.matchers) checkValue(matcher, path, report);
  if (parsed.classic) {
    const problem = `matcher ${JSON.stringify(line)} is only supported by the classic parser, which will be removed`;
    const fix = `write ${parsed.matchers.map(formatMatcher).join(', ')}`;
    report.add('matcher-classic', path, { problem, fix });
  }
}

/** Alternatives, and patterns for any text, which no usual value contains. */
const REGEXP = /\w\)?\|\(?\w|\.[*+]/;

/** Reports a regular expression that is compared as text. */
function checkValue({ name, operator, value }: MatcherText, path: Path, report: ConfigFindings): void {
  if ((operator !== '=' && operator !== '!=') || !REGEXP.test(value)) return;
  const problem = `${operator} compares with the text ${JSON.stringify(value)}, which looks like a regular expression`;
  const meant = formatMatcher({ name, operator: operator === '=' ? '=~' : '!~', value });
  report.add('matcher-regexp', path, { problem, fix: `write ${meant}` });
}
