import type { Path } from '../../checks/findings';
import type { AlertmanagerConfig } from '../config/config';
import type { ConfigFindings } from '../config/config-findings';
import { formatMatcher, parseMatchers } from '../matchers/matchers';
import { visitRoutes } from './names';

/** Reports matchers that are invalid, deprecated, or only supported by the classic parser. */
export function checkMatchers(config: AlertmanagerConfig, report: ConfigFindings): void {
  const check = (lines: readonly string[] | undefined, path: Path) => {
    (lines ?? []).forEach((line, index) => {
      checkLine(line, [...path, index], report);
    });
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
    });
  }
  (config.inhibit_rules ?? []).forEach((rule, index) => {
    const path = ['inhibit_rules', index];
    for (const side of ['source', 'target'] as const) {
      check(rule[`${side}_matchers`], [...path, `${side}_matchers`]);
      deprecated(rule, [`${side}_match`, `${side}_match_re`], path, `${side}_matchers`);
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
  if (parsed.classic) {
    const problem = `matcher ${JSON.stringify(line)} is only supported by the classic parser, which will be removed`;
    const fix = `write ${parsed.matchers.map(formatMatcher).join(', ')}`;
    report.add('matcher-classic', path, { problem, fix });
  }
}
