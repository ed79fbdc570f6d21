import type { Path } from '../../checks/findings';
import { didYouMean } from '../../text/did-you-mean';
import type { AlertmanagerConfig, Route } from '../config/config';
import type { ConfigFindings } from '../config/config-findings';

/** Reports duplicate, undefined and unused names, and fields that the root route must or must not have. */
export function checkNames(config: AlertmanagerConfig, report: ConfigFindings): void {
  const { route, receivers = [], time_intervals = [] } = config;
  // Deprecated and missing in the types, but Alertmanager still reads it.
  const { mute_time_intervals = [] } = config as {
    readonly mute_time_intervals?: AlertmanagerConfig['time_intervals'];
  };
  const receiverNames = checkUnique('receiver', 'receivers', receivers, report);
  const intervalNames = new Set([
    ...checkUnique('time interval', 'mute_time_intervals', mute_time_intervals, report),
    ...checkUnique('time interval', 'time_intervals', time_intervals, report, mute_time_intervals),
  ]);
  if (mute_time_intervals.length > 0) {
    report.add(
      'alertmanager-deprecated',
      ['mute_time_intervals'],
      { problem: 'deprecated field "mute_time_intervals"', fix: 'rename it to time_intervals' },
      'name',
    );
  }
  if (!route) {
    report.add('route-root', [], {
      problem: 'missing field "route"',
      fix: 'add the root route with a default receiver',
    });
    return;
  }
  checkRoot(route, report);
  const used = checkReferences(route, receiverNames, intervalNames, report);
  receivers.forEach(({ name }, index) => {
    if (used.has(name)) return;
    const problem = 'is not used by any route, so it never sends a notification';
    const fix = 'add a route to it, or remove it';
    report.add('receiver-unused', ['receivers', index], { problem, fix });
  });
}

/** Reports undefined names in routes. @returns the names of receivers that routes use */
function checkReferences(
  root: Route,
  receiverNames: ReadonlySet<string>,
  intervalNames: ReadonlySet<string>,
  report: ConfigFindings,
): Set<string> {
  const used = new Set<string>();
  visitRoutes(root, ['route'], (each, path) => {
    if (each.receiver) {
      used.add(each.receiver);
      if (!receiverNames.has(each.receiver)) {
        const problem = `undefined receiver "${each.receiver}"`;
        const fix = `add it to receivers, or correct the name${didYouMean(each.receiver, [...receiverNames])}`;
        report.add('route-undefined-receiver', [...path, 'receiver'], { problem, fix });
      }
    }
    for (const field of ['mute_time_intervals', 'active_time_intervals'] as const) {
      (each[field] ?? []).forEach((name, index) => {
        if (intervalNames.has(name)) return;
        const problem = `undefined time interval "${name}"`;
        const fix = `add it to time_intervals, or correct the name${didYouMean(name, [...intervalNames])}`;
        report.add('route-undefined-interval', [...path, field, index], { problem, fix });
      });
    }
  });
  return used;
}

/** Calls `visit` for a route and all routes below it, parents first. */
export function visitRoutes(route: Route, path: Path, visit: (route: Route, path: Path) => void): void {
  visit(route, path);
  (route.routes ?? []).forEach((child, index) => {
    visitRoutes(child, [...path, 'routes', index], visit);
  });
}

function checkUnique(
  what: string,
  field: string,
  items: readonly { readonly name: string }[],
  report: ConfigFindings,
  before: readonly { readonly name: string }[] = [],
): Set<string> {
  const names = new Set(before.map(({ name }) => name));
  items.forEach(({ name }, index) => {
    if (name !== undefined && names.has(name)) {
      const problem = `duplicate ${what} "${name}"`;
      const fix = 'rename one of the two';
      report.add('alertmanager-duplicate-name', [field, index, 'name'], { problem, fix });
    }
    // A missing name is reported where the fields are checked.
    if (name !== undefined) names.add(name);
  });
  return names;
}

function checkRoot(root: Route, report: ConfigFindings): void {
  if (!root.receiver)
    report.add('route-root', ['route'], {
      problem: 'missing field "receiver"',
      fix: 'add the receiver of all alerts that no other route takes',
    });
  for (const field of ['matchers', 'match', 'match_re', 'mute_time_intervals', 'active_time_intervals'] as const) {
    if (Object.keys(root[field] ?? {}).length === 0) continue;
    report.add(
      'route-root',
      ['route', field],
      { problem: `field "${field}" is not supported in the root route`, fix: 'move it to a child route' },
      'name',
    );
  }
  if (root.continue) {
    report.add(
      'route-root',
      ['route', 'continue'],
      { problem: 'field "continue" is not supported in the root route', fix: 'remove it' },
      'name',
    );
  }
}
