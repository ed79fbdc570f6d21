import type { AlertmanagerConfig, Duration, Receiver, Route } from '../alertmanager/config/config';
import type { Written } from '../alertmanager/config/config-findings';
import { TEMPLATES_PATH } from '../alertmanager/config/pod-folders';
import type { RouteTimes } from '../alertmanager/config/routes';
import { type HeartbeatProps, heartbeatReceiver, heartbeatRoute } from '../alertmanager/heartbeat';
import { type SlackProps, slackConfig } from '../alertmanager/slack';
import { formatPath, type Path } from '../checks/findings';

/** Further routes and receivers, and the times of notifications. */
export interface RoutingOptions {
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

/** What the stack's alertmanager.yml is made of. */
export interface RoutingProps extends RoutingOptions {
  /** How the two receivers of the stack reach Slack; not used together with `config`. */
  readonly slack: SlackProps;
  /** Service that is called while the stack lives. @default none */
  readonly heartbeat?: HeartbeatProps;
  /** Times of the root route that the options do not set. */
  readonly times: RouteTimes;
}

/** The options that the parts of an alertmanager.yml are from. */
export interface Origins {
  /** Of each route below the root, in their order. */
  readonly routes: readonly Path[];
  /** Of each receiver, in their order. */
  readonly receivers: readonly Path[];
  /** Of everything else. */
  readonly rest: Path;
}

export interface StackAlertmanagerConfig {
  readonly config: AlertmanagerConfig;
  readonly origins: Origins;
}

/** Receivers of the stack's own tree. */
const CATCH_ALL = 'default-catchall-slack';
const WARNING_DEVOPS = 'warning-devops-slack';

const HEARTBEAT: Path = ['heartbeat'];
const SLACK: Path = ['slack'];
const ROUTING: Path = ['routing'];

/** The alertmanager.yml of the options. The heartbeat's route is before all others, so that none notifies people of it. */
export function stackAlertmanagerConfig({ heartbeat, ...props }: RoutingProps): StackAlertmanagerConfig {
  const origin = props.config ? [...ROUTING, 'config'] : ROUTING;
  const ofHeartbeat = heartbeat ? [part(heartbeatReceiver(heartbeat), HEARTBEAT)] : [];
  const parts = props.config ? givenConfig(props.config, origin, ofHeartbeat) : ownConfig(props, ofHeartbeat);
  const routes = [...(heartbeat ? [part(heartbeatRoute(heartbeat), HEARTBEAT)] : []), ...parts.routes];
  return {
    config: {
      ...parts.config,
      route: { ...parts.config.route, routes: routes.map(({ value }) => value) },
      receivers: parts.receivers.map(({ value }) => value),
      templates: [`${TEMPLATES_PATH}/*.tmpl`],
    },
    origins: {
      routes: routes.map(({ origin }) => origin),
      receivers: parts.receivers.map(({ origin }) => origin),
      rest: origin,
    },
  };
}

/** A part of the configuration, and the option that it is from. */
interface Part<T> {
  readonly value: T;
  readonly origin: Path;
}

interface Parts {
  /** Everything but the routes below the root, and the receivers. */
  readonly config: AlertmanagerConfig;
  readonly routes: readonly Part<Route>[];
  readonly receivers: readonly Part<Receiver>[];
}

function part<T>(value: T, origin: Path): Part<T> {
  return { value, origin };
}

function givenConfig(config: AlertmanagerConfig, origin: Path, ofHeartbeat: readonly Part<Receiver>[]): Parts {
  return {
    config,
    routes: (config.route.routes ?? []).map((route, i) => part(route, [...origin, 'route', 'routes', i])),
    receivers: [...config.receivers.map((receiver, i) => part(receiver, [...origin, 'receivers', i])), ...ofHeartbeat],
  };
}

/**
 * The routing tree of the system that this one replaces: warnings of the devops team to their own receiver, everything
 * else to the catch-all.
 */
function ownConfig(
  { slack, times, routes = [], receivers = [], ...own }: Omit<RoutingProps, 'heartbeat'>,
  ofHeartbeat: readonly Part<Receiver>[],
): Parts {
  return {
    config: {
      route: {
        receiver: CATCH_ALL,
        // One message for each noisy workload: log alerts carry no `instance`, what stands for it are these two.
        group_by: ['alertname', 'severity', 'namespace', 'app'],
        group_wait: own.groupWait ?? times.groupWait,
        group_interval: own.groupInterval ?? times.groupInterval,
        repeat_interval: own.repeatInterval ?? times.repeatInterval,
      },
      receivers: [],
    },
    routes: [
      ...routes.map((route, i) => part(route, [...ROUTING, 'routes', i])),
      part(
        {
          matchers: ['severity="warning"'],
          routes: [{ matchers: ['team=~".*(devops).*"'], receiver: WARNING_DEVOPS }],
        },
        ROUTING,
      ),
    ],
    receivers: [
      part({ name: CATCH_ALL, slack_configs: [slackConfig(slack)] }, SLACK),
      part({ name: WARNING_DEVOPS, slack_configs: [slackConfig(slack)] }, SLACK),
      ...ofHeartbeat,
      ...receivers.map((receiver, i) => part(receiver, [...ROUTING, 'receivers', i])),
    ],
  };
}

/** Fields of the root route that options set. */
const TIMES = new Map<unknown, keyof RouteTimes>([
  ['group_wait', 'groupWait'],
  ['group_interval', 'groupInterval'],
  ['repeat_interval', 'repeatInterval'],
]);

/** Paths of such a configuration as paths of options, and as the author of the routes calls them. */
export function writtenBy({ routes, receivers, rest }: Origins): Written {
  const given = rest !== ROUTING;
  return (path) => {
    const [section, field, index] = path;
    const isRoute = section === 'route' && field === 'routes' && typeof index === 'number';
    const isReceiver = section === 'receivers' && typeof field === 'number';
    const from = isRoute ? routes[index] : isReceiver ? receivers[field] : undefined;
    if (from === HEARTBEAT) return { path: from, text: `the ${isRoute ? 'route' : 'receiver'} of the heartbeat` };
    if (from === SLACK || from === ROUTING) return { path: from, text: formatPath(path) };
    if (from !== undefined) {
      const inside = path.slice(isRoute ? 3 : 2);
      const text = formatPath([...(isRoute ? ['route'] : []), ...from.slice(-2), ...inside]);
      return { path: [...from, ...inside], text };
    }
    const time = given || section !== 'route' ? undefined : TIMES.get(field);
    return { path: given ? [...rest, ...path] : [...rest, ...(time ? [time] : [])], text: formatPath(path) };
  };
}
