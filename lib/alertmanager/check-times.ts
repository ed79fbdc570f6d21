import { parseDuration } from '../rules/duration';
import type { AlertmanagerConfig, Route } from './config';
import { fieldPath, itemPath, type Report } from './report';
import { DEFAULT_TIMES } from './routes';

interface Times {
  readonly group_wait: string;
  readonly group_interval: string;
  readonly repeat_interval: string;
}

const DEFAULTS: Times = {
  group_wait: DEFAULT_TIMES.groupWait,
  group_interval: DEFAULT_TIMES.groupInterval,
  repeat_interval: DEFAULT_TIMES.repeatInterval,
};

/** Times of routes that do not go together. */
export function checkRouteTimes(config: AlertmanagerConfig, report: Report): void {
  if (config.route) checkRoute(config.route, 'route', DEFAULTS, report);
}

function checkRoute(route: Route, path: string, parent: Times, report: Report): void {
  const times: Times = {
    group_wait: route.group_wait ?? parent.group_wait,
    group_interval: route.group_interval ?? parent.group_interval,
    repeat_interval: route.repeat_interval ?? parent.repeat_interval,
  };
  const wait = parseDuration(times.group_wait);
  const interval = parseDuration(times.group_interval);
  const repeat = parseDuration(times.repeat_interval);
  // Each is reported where one of the two is set, not at all the routes that inherit both.
  const set = (...fields: readonly (keyof Times)[]) => fields.find((field) => route[field] !== undefined);

  const atWait = set('group_wait', 'group_interval');
  if (atWait && wait !== undefined && interval !== undefined && wait > interval) {
    const message = `group_wait is ${times.group_wait} and group_interval ${times.group_interval}: the first message on a group waits longer than later ones. Make group_wait the shorter one`;
    report.warning('route-group-wait', fieldPath(path, atWait), message);
  }
  const atRepeat = set('repeat_interval', 'group_interval');
  const everyLook =
    route.repeat_interval !== undefined && route.group_interval !== undefined && isJustBelow(repeat, interval);
  if (atRepeat && !everyLook && interval && repeat && repeat % interval !== 0) {
    const rounded = Math.ceil(repeat / interval);
    const effect =
      rounded === 1
        ? `an unchanged group is told every ${times.group_interval}`
        : `an unchanged group is told every ${rounded} times ${times.group_interval}`;
    const message = `repeat_interval is ${times.repeat_interval} and group_interval ${times.group_interval}: groups are looked at once in a group_interval, so ${effect}. Make repeat_interval a multiple of group_interval`;
    report.warning('route-repeat-interval', fieldPath(path, atRepeat), message);
  }
  (route.routes ?? []).forEach((child, index) => {
    checkRoute(child, itemPath(fieldPath(path, 'routes'), index), times, report);
  });
}

/**
 * How a heartbeat is told at every look: with the same time for both, the message before would be a moment too young at
 * every second look.
 */
function isJustBelow(repeat: number | undefined, interval: number | undefined): boolean {
  return repeat !== undefined && interval !== undefined && repeat < interval && repeat >= interval * 0.75;
}
