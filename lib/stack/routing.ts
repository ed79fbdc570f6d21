import type { AlertmanagerConfig, Duration, Receiver, Route } from '../alertmanager/config/config';
import { DEFAULT_TIMES } from '../alertmanager/config/routes';
import { type HeartbeatProps, heartbeatReceiver, heartbeatRoute } from '../alertmanager/heartbeat';
import { type SlackProps, slackReceiver } from '../alertmanager/slack';
import type { Profile } from './profiles';

/** Where alerts go, and how often a person hears of them. */
export interface RoutingProps {
  /** How the two receivers of the stack reach Slack. */
  readonly slack: SlackProps;
  /** A service that is called while the stack lives. @default none */
  readonly heartbeat?: HeartbeatProps;
  /** What the stack is for: the times below follow from it. @default 'demo' */
  readonly profile?: Profile;
  /**
   * A whole alertmanager.yml instead of the stack's own: its routes, receivers, times and inhibitions, as they are; only the
   * files that its `templates` names are those of the option `templates` instead, because no others are in the pod. Nothing
   * else may then be given. @default the stack's own tree
   */
  readonly config?: AlertmanagerConfig;
  /**
   * Name to text of message templates, as `shop.tmpl`, beside the stack's own. Those that define `slack.title` and
   * `slack.text` take its place. @default none
   */
  readonly templates?: Readonly<Record<string, string>>;
  /** Further routes; they come before the stack's own, so that they can take alerts away from them. @default none */
  readonly routes?: readonly Route[];
  /** Further receivers, for those routes. @default none */
  readonly receivers?: readonly Receiver[];
  /**
   * Wait for further alerts of a group before its first message. Loki sends all alerts of an evaluation at once.
   * @default '30s', as Alertmanager; '1s' in the demo
   */
  readonly groupWait?: Duration;
  /**
   * Least time between two messages on a group that changed, so also the delay of `[RESOLVED]`.
   * @default '5m', as Alertmanager; '30s' in the demo
   */
  readonly groupInterval?: Duration;
  /** Time after which a group that still fires is told again. @default '4h', as Alertmanager; '5m' in the demo */
  readonly repeatInterval?: Duration;
}

/** Who looks at the demo wants to see each message, and the reminder, within minutes; nobody is woken by it. */
const DEMO_TIMES: typeof DEFAULT_TIMES = { groupWait: '1s', groupInterval: '30s', repeatInterval: '5m' };

/** Folder of the message templates in Alertmanager's pod. */
export const TEMPLATES_PATH = '/etc/alertmanager';

/** The receivers that every installation has. */
export const CATCH_ALL = 'default-catchall-slack';
export const WARNING_DEVOPS = 'warning-devops-slack';

/**
 * The routing tree of the system that this one replaces: warnings of the devops team to their own receiver, everything
 * else to the catch-all.
 */
export function stackAlertmanagerConfig(props: RoutingProps): AlertmanagerConfig {
  const { config, heartbeat, profile = 'demo' } = props;
  if (config) {
    const { route, receivers } = config;
    return {
      ...config,
      route: { ...route, routes: [...(heartbeat ? [heartbeatRoute(heartbeat)] : []), ...(route.routes ?? [])] },
      receivers: [...receivers, ...(heartbeat ? [heartbeatReceiver(heartbeat)] : [])],
      templates: [`${TEMPLATES_PATH}/*.tmpl`],
    };
  }
  const times = profile === 'demo' ? DEMO_TIMES : DEFAULT_TIMES;
  return {
    route: {
      receiver: CATCH_ALL,
      // One message for each noisy workload: log alerts carry no `instance`, what stands for it are these two.
      group_by: ['alertname', 'severity', 'namespace', 'app'],
      group_wait: props.groupWait ?? times.groupWait,
      group_interval: props.groupInterval ?? times.groupInterval,
      repeat_interval: props.repeatInterval ?? times.repeatInterval,
      routes: [
        // First, so that no other route hands it to people.
        ...(props.heartbeat ? [heartbeatRoute(props.heartbeat)] : []),
        ...(props.routes ?? []),
        {
          matchers: ['severity="warning"'],
          routes: [{ matchers: ['team=~".*(devops).*"'], receiver: WARNING_DEVOPS }],
        },
      ],
    },
    receivers: [
      slackReceiver(CATCH_ALL, props.slack),
      slackReceiver(WARNING_DEVOPS, props.slack),
      ...(props.heartbeat ? [heartbeatReceiver(props.heartbeat)] : []),
      ...(props.receivers ?? []),
    ],
    templates: [`${TEMPLATES_PATH}/*.tmpl`],
  };
}
