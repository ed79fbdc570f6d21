import type { AlertmanagerConfig, Duration, Receiver, Route } from '../alertmanager/config/config';
import type { Written } from '../alertmanager/config/config-findings';
import { TEMPLATES_PATH } from '../alertmanager/config/pod-folders';
import type { RouteTimes } from '../alertmanager/config/routes';
import { type HeartbeatProps, heartbeatReceiver, heartbeatRoute } from '../alertmanager/heartbeat';
import { slackConfig } from '../alertmanager/slack';
import type { SlackProps } from '../alertmanager/slack-options';
import { formatPath, type Path } from '../checks/findings';

/** Additional routes and receivers, and the times of notifications. */
export interface RoutingOptions {
  /**
   * A whole alertmanager.yml that replaces the stack's own. Its `templates` are ignored in favor of the option
   * `templates`, because the pod has no other files. Requires that no other routing option is set.
   * @default the stack's own
   */
  readonly config?: AlertmanagerConfig;
  /**
   * Texts of additional message templates, by file name such as `shop.tmpl`. A file that defines `slack.title` and
   * `slack.text` replaces the stack's own. @default none
   */
  readonly templates?: Readonly<Record<string, string>>;
  /** Additional routes, before the stack's own, so that they can take precedence. @default none */
  readonly routes?: readonly Route[];
  /** Additional receivers, for these routes. @default none */
  readonly receivers?: readonly Receiver[];
  /**
   * Time to wait for further alerts before a group's first message. Loki sends all alerts of an evaluation at once.
   * @default '30s', as Alertmanager; '1s' in the demo
   */
  readonly groupWait?: Duration;
  /**
   * Minimum time between two messages about a changed group, so also the delay of `[RESOLVED]`.
   * @default '5m', as Alertmanager; '30s' in the demo
   */
  readonly groupInterval?: Duration;
  /** Time until an unchanged group is notified again. @default '4h', as Alertmanager; '5m' in the demo */
  readonly repeatInterval?: Duration;
}

/** Props of the stack's alertmanager.yml. */
export interface RoutingProps extends RoutingOptions {
  /** Slack webhook or app of the stack's two receivers, and their channel; not used with `config`. */
  readonly slack: SlackProps;
  /** Heartbeat service. @default none */
  readonly heartbeat?: HeartbeatProps;
  /** Default times of the root route. */
  readonly times: RouteTimes;
}

/** Options that the parts of an alertmanager.yml are from. */
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

/** Returns the alertmanager.yml of the options. The heartbeat's route is first, so that no other receives its alert. */
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

/** A part of the config, and the option that it is from. */
interface Part<T> {
  readonly value: T;
  readonly origin: Path;
}

interface Parts {
  /** Everything but the routes below the root and the receivers. */
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
 * The routing tree of the system that this one replaced: warnings of the devops team to their own receiver, everything
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
        // One message per noisy workload: log alerts have no `instance`, so these two labels identify it.
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

/** Returns the mapping from paths of the config to paths of options, and to their texts in messages. */
export function writtenBy({ routes, receivers, rest }: Origins): Written {
  const isGiven = rest !== ROUTING;
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
    const time = isGiven || section !== 'route' ? undefined : TIMES.get(field);
    return { path: isGiven ? [...rest, ...path] : [...rest, ...(time ? [time] : [])], text: formatPath(path) };
  };
}
