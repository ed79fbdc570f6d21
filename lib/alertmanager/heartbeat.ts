import { durationMs } from '../text/duration';
import type { Duration, Receiver, Route } from './config/config';
import { webhookConfig } from './webhook';
import type { WebhookAddress } from './webhook-address';

/**
 * A dead man's switch: a service outside the cluster that notifies people when it is no longer called. Its URL is a
 * credential with most services; one of the company's own that watches from another cluster may need none.
 */
export interface HeartbeatProps extends WebhookAddress {
  /**
   * Time between two calls. The service should wait for several of them before it notifies people.
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
  const config = webhookConfig({ webhookSecret, webhookUrl, maxAlerts: 1, sendResolved: false });
  return { name: RECEIVER, webhook_configs: [config] };
}

/**
 * A group is looked at once in an interval, and the last message was noted down a moment after the look that sent it.
 * Were both times the same, every second look would find it too young.
 * @see https://github.com/prometheus/alertmanager/blob/v0.35.0/notify/dedup_stage.go (`needsUpdate`)
 */
function justBelow(interval: Duration): Duration {
  const ms = Math.ceil(((durationMs(interval) ?? 0) * 5) / 6);
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
