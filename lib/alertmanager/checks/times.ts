import type { Path } from '../../checks/findings';
import { durationMs } from '../../text/duration';
import type { AlertmanagerConfig, Route } from '../config/config';
import type { ConfigFindings } from '../config/config-findings';
import { DEFAULT_TIMES } from '../config/routes';

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

/** Default of `--data.retention`: how long the notification log is kept. */
const RETENTION = '120h';
const RETENTION_MS = durationMs(RETENTION) as number;

/** Reports times of routes that contradict each other. */
export function checkRouteTimes(config: AlertmanagerConfig, report: ConfigFindings): void {
  if (config.route) checkRoute(config.route, ['route'], DEFAULTS, report);
}

function checkRoute(route: Route, path: Path, parent: Times, report: ConfigFindings): void {
  const times: Times = {
    group_wait: route.group_wait ?? parent.group_wait,
    group_interval: route.group_interval ?? parent.group_interval,
    repeat_interval: route.repeat_interval ?? parent.repeat_interval,
  };
  const wait = durationMs(times.group_wait);
  const interval = durationMs(times.group_interval);
  const repeat = durationMs(times.repeat_interval);
  // Reported where one of the two is set, not at every route that inherits both.
  const set = (...fields: readonly (keyof Times)[]) => fields.find((field) => route[field] !== undefined);

  const atWait = set('group_wait', 'group_interval');
  if (atWait && wait !== undefined && interval !== undefined && wait > interval) {
    const compared = `group_wait (${times.group_wait}) is longer than group_interval (${times.group_interval})`;
    const problem = `${compared}, so the first notification of a group waits longer than later ones`;
    const fix = 'use a group_wait shorter than group_interval';
    report.add('route-group-wait', [...path, atWait], { problem, fix });
  }
  const atRepeat = set('repeat_interval', 'group_interval');
  const notifiesEveryInterval =
    route.repeat_interval !== undefined && route.group_interval !== undefined && isJustBelow(repeat, interval);
  if (atRepeat && !notifiesEveryInterval && interval && repeat && repeat % interval !== 0) {
    const rounded = Math.ceil(repeat / interval);
    const effect =
      rounded === 1
        ? `an unchanged group is notified every ${times.group_interval}`
        : `an unchanged group is notified every ${rounded} intervals of ${times.group_interval}`;
    const compared = `repeat_interval (${times.repeat_interval}) is not a multiple of group_interval (${times.group_interval})`;
    const problem = `${compared}, so ${effect}`;
    const fix = 'use a multiple of group_interval';
    report.add('route-repeat-interval', [...path, atRepeat], { problem, fix });
  }
  if (route.repeat_interval !== undefined && (repeat ?? 0) > RETENTION_MS) {
    const problem = `repeat_interval (${times.repeat_interval}) is longer than Alertmanager remembers notifications, so an unchanged group is notified again after ${RETENTION}`;
    const fix = `use at most ${RETENTION}, or a longer --data.retention`;
    report.add('route-repeat-retention', [...path, 'repeat_interval'], { problem, fix });
  }
  (route.routes ?? []).forEach((child, index) => {
    checkRoute(child, [...path, 'routes', index], times, report);
  });
}

/**
 * Returns whether a group is notified at every interval, as a heartbeat is. With equal times, the last notification
 * would be slightly too recent at every second interval.
 */
function isJustBelow(repeat: number | undefined, interval: number | undefined): boolean {
  return repeat !== undefined && interval !== undefined && repeat < interval && repeat >= interval * 0.75;
}
