import { durationMs } from '../text/duration';
import type { Duration, Receiver, Route } from './config/config';
import { webhookConfig } from './webhook';
import type { WebhookAddress } from './webhook-address';

/**
 * A dead man's switch: a service outside the cluster that notifies when it is no longer called. With most services, its
 * URL is a credential; a service of your own in another cluster may not need one.
 */
export interface HeartbeatProps extends WebhookAddress {
  /**
   * Time between two calls. The service should only notify after several missed calls.
   * @default '1m', the evaluation interval of the rule and the shortest period of most services
   */
  readonly interval?: Duration;
}

/** Name of the alert that fires as long as logs and alerts arrive, as in kube-prometheus. */
export const WATCHDOG = 'Watchdog';

const RECEIVER = 'heartbeat';
const DEFAULT_INTERVAL = '1m';

/** Route that notifies as soon as the alert fires, and at every interval. */
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
  // The service ignores the body, so one alert is enough. The end of the alert must stop the calls, not cause another.
  const config = webhookConfig({ webhookSecret, webhookUrl, maxAlerts: 1, sendResolved: false });
  return { name: RECEIVER, webhook_configs: [config] };
}

/**
 * Alertmanager looks at a group once per `group_interval`, and logs a notification shortly after it was due. With the
 * same `repeat_interval`, the last notification would be too recent at every second interval.
 * @see https://github.com/prometheus/alertmanager/blob/v0.35.0/notify/dedup_stage.go (`needsUpdate`)
 */
function justBelow(interval: Duration): Duration {
  const ms = Math.ceil(((durationMs(interval) ?? 0) * 5) / 6);
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
