import { visitRoutes } from './check-names';
import type { AlertmanagerConfig } from './config';
import { formatMatcher, parseMatchers } from './matchers';
import { fieldPath, itemPath, type Report } from './report';
import { regexp } from './values';

/** Lines of matchers that Alertmanager cannot read, or reads only as it used to. @returns whether those of the routes can all be used */
export function checkMatchers(config: AlertmanagerConfig, report: Report): boolean {
  let readable = true;
  const check = (lines: readonly string[] | undefined, path: string) => {
    (lines ?? []).forEach((line, index) => {
      readable = checkLine(line, itemPath(path, index), report) && readable;
    });
  };
  const deprecated = (from: object, fields: readonly string[], path: string, instead: string) => {
    for (const field of fields.filter((name) => Object.hasOwn(from, name))) {
      const message = `is deprecated by Alertmanager: write it as ${instead}, for instance ${instead}: ['severity="critical"']`;
      report.warning('alertmanager-deprecated', fieldPath(path, field), message, 'name');
    }
  };
  if (config.route) {
    visitRoutes(config.route, 'route', (route, path) => {
      check(route.matchers, fieldPath(path, 'matchers'));
      // What is wrong with these has been said where the forms of values are checked.
      readable = Object.values(route.match_re ?? {}).every((value) => !regexp.problem?.(value)) && readable;
      deprecated(route, ['match', 'match_re'], path, 'matchers');
    });
  }
  (config.inhibit_rules ?? []).forEach((rule, index) => {
    const path = itemPath('inhibit_rules', index);
    for (const side of ['source', 'target'] as const) {
      check(rule[`${side}_matchers`], fieldPath(path, `${side}_matchers`));
      deprecated(rule, [`${side}_match`, `${side}_match_re`], path, `${side}_matchers`);
    }
  });
  return readable;
}

function checkLine(line: string, path: string, report: Report): boolean {
  const parsed = parseMatchers(line);
  if ('problem' in parsed) {
    const message = `Alertmanager cannot read this matcher and would not start: ${parsed.problem}. Write for instance severity="critical" or team=~"a|b"`;
    report.error('matcher-syntax', path, message);
    return false;
  }
  if (parsed.classic) {
    const message = `only Alertmanager's old parser, which is to go away, reads this: write ${parsed.matchers.map(formatMatcher).join(', ')}`;
    report.warning('matcher-classic', path, message);
  }
  return true;
}
