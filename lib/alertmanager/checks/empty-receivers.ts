import type { AlertmanagerConfig, Receiver, Route } from '../config/config';
import type { ConfigFindings } from '../config/config-findings';

/**
 * Names for receivers that drop alerts on purpose: `null` of kube-prometheus, `blackhole` of Alertmanager's
 * documentation, and the like, alone or as part of a longer name.
 */
const NULL_RECEIVER =
  /(^|[^a-z])(null|nil|none|no[-_]?(op|one|body|thing)|black[-_]?hole|dev[-_]?null|dead[-_]?end|sink(hole)?|void|dummy|empty|(drop|discard|ignore|silence|mute|disable)(d|ed|ped)?)([^a-z]|$)/i;

/** Reports receivers of alerts that have no integration: Alertmanager silently drops the alerts. */
export function checkEmptyReceivers(config: AlertmanagerConfig, report: ConfigFindings): void {
  const receiving = new Set(config.route ? receiversOf(config.route, '') : []);
  (config.receivers ?? []).forEach((receiver, index) => {
    if (!receiving.has(receiver.name) || !isEmpty(receiver) || isNullReceiver(receiver.name)) return;
    const problem = 'receives alerts but has no integration, so no one is notified';
    const fix = "add one, e.g. slack_configs, or name the receiver 'null' if no one should be notified";
    report.add('receiver-empty', ['receivers', index], { problem, fix });
  });
}

function isNullReceiver(name: string): boolean {
  return NULL_RECEIVER.test(name.replace(/([a-z])([A-Z])/g, '$1-$2'));
}

export function isEmpty(receiver: Receiver): boolean {
  return !Object.entries(receiver).some(
    ([field, configs]) => field.endsWith('_configs') && Array.isArray(configs) && configs.length > 0,
  );
}

/** Receivers of the routes that handle alerts themselves; a child route that matches everything leaves none. */
function receiversOf(route: Route, inherited: string): string[] {
  const receiver = route.receiver || inherited;
  const routes = route.routes ?? [];
  return [...(routes.some(matchesAll) ? [] : [receiver]), ...routes.flatMap((child) => receiversOf(child, receiver))];
}

function matchesAll({ match, match_re, matchers }: Route): boolean {
  return [match, match_re, matchers].every((each) => Object.keys(each ?? {}).length === 0);
}
