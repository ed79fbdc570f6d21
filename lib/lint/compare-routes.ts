import { dirname, relative, resolve } from 'node:path';
import { checkRoutesAgainstRules } from '../alertmanager/checks/rules';
import { checkRouteSeverities } from '../alertmanager/checks/severities';
import type { Finding } from '../checks/findings';
import type { CheckOptions } from '../rules/check-options';
import { placeOf } from '../rules/source';
import { placeIn } from '../yaml/source';
import type { Routes, Rules } from './input-model';

/**
 * Compares each alertmanager.yml with the rules whose alerts it receives. No file contains this relation, so rules are
 * assigned to the nearest alertmanager.yml: in the same manifest, else in the same folder or below, else in the parent
 * folder or below, and so on. Staging and production can be checked together, and so can a folder of rules and an
 * alertmanager.yml next to it.
 */
export function compareRoutes(
  rules: readonly Rules[],
  routes: readonly Routes[],
  { severities, keepWaived }: CheckOptions = {},
): Finding[] {
  const nearest = nearestRoutesOf(rules, routes);
  return routes.flatMap((each) => {
    const { config, templates, positions, source } = each;
    if (!config) return [];
    const compared = rules.filter((rule) => nearest(rule).includes(each)).map(({ file }) => file);
    const found = [
      ...(severities ? checkRouteSeverities(config, severities, { positions }) : []),
      ...checkRoutesAgainstRules(config, compared, { templates, positions, keepWaived }),
    ];
    // Places in alertmanager.yml are relative to its start, which may be inside a manifest.
    return found.map((each) => (each.place?.file === source.file && !isOfRule(each) ? placeIn(source, each) : each));
  });
}

/** Returns a function for the alertmanager.yml that a rule file is assigned to; several if they are equally near. */
export function nearestRoutesOf(
  rules: readonly Rules[],
  routes: readonly Routes[],
): (rules: Rules) => readonly Routes[] {
  const files = [...new Set(rules.map(pathOf))];
  const nearest = new Map(files.map((file) => [file, nearestRoutes(file, routes)]));
  return (each) => nearest.get(pathOf(each)) ?? [];
}

/** True if the place of a finding is in a rule file, which may be in the same manifest. */
function isOfRule({ id }: Finding): boolean {
  return id === 'route-catch-all-only';
}

function pathOf({ file }: Rules): string {
  return resolve(placeOf(file)?.file ?? '');
}

function nearestRoutes(file: string, routes: readonly Routes[]): readonly Routes[] {
  for (let at = file; ; at = dirname(at)) {
    const near = routes.filter(({ source }) => !relative(at, resolve(source.file)).startsWith('..'));
    if (near.length > 0 || at === dirname(at)) return near;
  }
}
