import type { AlertmanagerConfig, Route } from './config';
import { fieldPath, itemPath, type Report } from './report';

/** Names that stand twice, that are used and not defined, or defined and not used; and the root route's own rules. */
export function checkNames(config: AlertmanagerConfig, report: Report): void {
  const { route, receivers = [], time_intervals = [] } = config;
  // Deprecated by Alertmanager and in no type; it is read all the same.
  const { mute_time_intervals = [] } = config as {
    readonly mute_time_intervals?: AlertmanagerConfig['time_intervals'];
  };
  const receiverNames = checkUnique('receiver', 'receivers', receivers, report);
  const intervalNames = new Set([
    ...checkUnique('time interval', 'mute_time_intervals', mute_time_intervals, report),
    ...checkUnique('time interval', 'time_intervals', time_intervals, report, mute_time_intervals),
  ]);
  if (mute_time_intervals.length > 0) {
    report.warning('alertmanager-deprecated', 'mute_time_intervals', 'is to go away: call it time_intervals', 'name');
  }
  if (!route) {
    report.error(
      'route-root',
      '',
      'has no route, and Alertmanager would not start: add route with the default receiver',
    );
    return;
  }
  checkRoot(route, report);
  const used = new Set<string>();
  visitRoutes(route, 'route', (each, path) => {
    if (each.receiver) {
      used.add(each.receiver);
      if (!receiverNames.has(each.receiver)) {
        const message = `the receiver '${each.receiver}' does not exist: add it to receivers, or correct its spelling`;
        report.error('route-undefined-receiver', fieldPath(path, 'receiver'), message);
      }
    }
    for (const field of ['mute_time_intervals', 'active_time_intervals'] as const) {
      (each[field] ?? []).forEach((name, index) => {
        if (intervalNames.has(name)) return;
        const message = `the time interval '${name}' does not exist: add it to time_intervals, or correct its spelling`;
        report.error('route-undefined-interval', itemPath(fieldPath(path, field), index), message);
      });
    }
  });
  receivers.forEach(({ name }, index) => {
    if (used.has(name)) return;
    const message = `no route uses the receiver '${name}', so it never tells anything: route alerts to it, or remove it`;
    report.warning('receiver-unused', itemPath('receivers', index), message);
  });
}

/** Calls back for a route and all routes under it, parents first. */
export function visitRoutes(route: Route, path: string, visit: (route: Route, path: string) => void): void {
  visit(route, path);
  (route.routes ?? []).forEach((child, index) => {
    visitRoutes(child, itemPath(fieldPath(path, 'routes'), index), visit);
  });
}

function checkUnique(
  what: string,
  field: string,
  items: readonly { readonly name: string }[],
  report: Report,
  before: readonly { readonly name: string }[] = [],
): Set<string> {
  const names = new Set(before.map(({ name }) => name));
  items.forEach(({ name }, index) => {
    if (names.has(name)) {
      const message = `there are two of the name '${name}', and Alertmanager would not start: rename one ${what}`;
      report.error('alertmanager-duplicate-name', fieldPath(itemPath(field, index), 'name'), message);
    }
    names.add(name);
  });
  return names;
}

function checkRoot(root: Route, report: Report): void {
  if (!root.receiver) report.error('route-root', 'route', 'needs a receiver, for what no other route takes');
  const reason = 'the root route takes every alert that no other route takes';
  for (const field of ['matchers', 'match', 'match_re', 'mute_time_intervals', 'active_time_intervals'] as const) {
    if (Object.keys(root[field] ?? {}).length === 0) continue;
    report.error(
      'route-root',
      fieldPath('route', field),
      `${reason}, so it has no ${field}: move it to a route below`,
      'name',
    );
  }
  if (root.continue) {
    report.error('route-root', 'route.continue', `${reason}, so there is nothing to continue with: remove it`, 'name');
  }
}
