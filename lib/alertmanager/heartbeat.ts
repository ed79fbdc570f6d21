import { formatPath } from '../checks/findings';
import { parseDuration } from '../text/duration';
import type { Duration, Receiver, Route } from './config/config';
import type { Written } from './config/config-findings';
import { webhookReceiver } from './webhook';

/**
 * A dead man's switch: a service outside the cluster that tells people when it is no longer called. Exactly one of
 * `webhookSecret` and `webhookUrl`.
 */
export interface HeartbeatProps {
  /** Secret in Alertmanager's namespace that holds the URL to call under the key `url`; there it is a credential. */
  readonly webhookSecret?: string;
  /** URL of something that needs no credential, for instance of the company's own that watches from another cluster. */
  readonly webhookUrl?: string;
  /**
   * Time between two calls. The service should wait for several of them before it tells people.
   * @default '1m', as often as the rule is evaluated; the shortest period of most services
   */
  readonly interval?: Duration;
}

/** The alert that fires as long as all goes well. Its name is that of kube-prometheus, which everybody knows. */
export const WATCHDOG = 'Watchdog';

const RECEIVER = 'heartbeat';
const DEFAULT_INTERVAL = '1m';

/** Sends each heartbeat as soon as the alert is there, and never that it ended: then nobody shall hear anything. */
export function heartbeatRoute({ interval = DEFAULT_INTERVAL }: HeartbeatProps): Route {
  return {
    receiver: RECEIVER,
    matchers: [`alertname="${WATCHDOG}"`],
    group_by: ['alertname'],
    group_wait: '0s',
    group_interval: interval,
    repeat_interval: justBelow(interval),
  };
}

export function heartbeatReceiver({ webhookSecret, webhookUrl }: HeartbeatProps): Receiver {
  // Its body says nothing that the service needs: one alert is enough.
  return webhookReceiver(RECEIVER, { urlSecret: webhookSecret, url: webhookUrl, maxAlerts: 1, sendResolved: false });
}

/**
 * A group is looked at once in an interval, and the last message was noted down a moment after the look that sent it.
 * Were both times the same, every second look would find it too young.
 * @see https://github.com/prometheus/alertmanager/blob/v0.35.0/notify/dedup_stage.go (`needsUpdate`)
 */
function justBelow(interval: Duration): Duration {
  const ms = Math.ceil(((parseDuration(interval) ?? 0) * 5) / 6);
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/**
 * Paths as the author of the routes counts: the heartbeat's, which the stack puts before all others, is not among them.
 */
export const besideHeartbeat: Written = (path) => {
  const [section, list, index, ...rest] = path;
  if (section !== 'route' || list !== 'routes' || typeof index !== 'number') return { path, text: formatPath(path) };
  if (index === 0) return { path: ['heartbeat'], text: 'the route of the heartbeat' };
  const own = [section, list, index - 1, ...rest];
  return { path: own, text: formatPath(own) };
};
