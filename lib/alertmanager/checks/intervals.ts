import type { Path } from '../../checks/findings';
import type { AlertmanagerConfig, Route, TimeInterval } from '../config/config';
import type { ConfigFindings } from '../config/config-findings';
import { alwaysMatches, neverMatches } from '../config/time-coverage';
import { visitRoutes } from './names';

/**
 * Reports time intervals that no route uses or that never match, and routes that are muted at all times.
 *
 * @param now time from which on intervals must match
 */
export function checkIntervals(config: AlertmanagerConfig, report: ConfigFindings, now: Date): void {
  const intervals = config.time_intervals ?? [];
  const byName = new Map(intervals.map((interval) => [interval.name, interval]));
  const used = new Set<string>();
  const blamed = new Set<string>();
  if (config.route) {
    visitRoutes(config.route, ['route'], (route, path) => {
      const names = [...(route.mute_time_intervals ?? []), ...(route.active_time_intervals ?? [])];
      for (const name of names) used.add(name);
      if (checkRoute(route, path, byName, report, now)) for (const name of names) blamed.add(name);
    });
  }
  intervals.forEach((interval, index) => {
    const at: Path = ['time_intervals', index];
    if (!used.has(interval.name)) {
      const problem = `time interval "${interval.name}" is not used by any route`;
      const fix = 'add it to mute_time_intervals or active_time_intervals of a route, or remove it';
      report.add('time-interval-unused', at, { problem, fix });
    } else if (!blamed.has(interval.name) && neverMatches(interval.time_intervals ?? [], now)) {
      const problem = `time interval "${interval.name}" never matches from now on`;
      report.add('time-interval-never', at, { problem, fix: 'correct its days, months and years, or remove it' });
    }
  });
}

/** Reports a route that never notifies. @returns true if it was reported */
function checkRoute(
  { mute_time_intervals: mute = [], active_time_intervals: active = [] }: Route,
  path: Path,
  byName: ReadonlyMap<string, TimeInterval>,
  report: ConfigFindings,
  now: Date,
): boolean {
  const rangesOf = (names: readonly string[]) => names.flatMap((name) => byName.get(name)?.time_intervals ?? []);
  // Undefined names are reported elsewhere.
  if (![...mute, ...active].every((name) => byName.has(name))) return false;
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
  const add = (field: string, problem: string, fix: string) => {
    report.add('route-muted', [...path, field], { problem: `never notifies: ${problem}`, fix }, 'name');
    return true;
  };
  if (mute.length > 0 && alwaysMatches(rangesOf(mute), now))
    return add(
      'mute_time_intervals',
      `${quoted(mute)} mutes it at all times`,
      "route to a receiver named 'null' instead",
    );
  if (active.length > 0 && neverMatches(rangesOf(active), now))
    return add('active_time_intervals', `${quoted(active)} never matches from now on`, 'correct the interval');
  if (active.length > 0 && active.every((name) => mute.includes(name)))
    return add('active_time_intervals', `${quoted(active)} also mutes it`, 'remove it from one of the two');
  return false;
}
