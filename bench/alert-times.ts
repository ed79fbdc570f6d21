import { parse } from 'yaml';
import { readAlertmanagerConfig } from '../lib/alertmanager/config/read';
import { matchRoutes, routeTree } from '../lib/alertmanager/config/routes';
import { configData, type Manifest } from '../lib/kubernetes-objects/dist';
import { type Expr, parseLogQL } from '../lib/logql';
import { walk } from '../lib/logql/walk';
import { type AlertRule, isAlert, type RuleGroup } from '../lib/rules/model';
import { readRules } from '../lib/rules/read';
import { durationMs } from '../lib/text/duration';

/** Delays in seconds of an alert on a rate of lines that follow from its settings. */
export interface AlertTimes {
  /** Name of the alert. */
  readonly alert: string;
  /** From the first line of a flood until the rate over the window exceeds the threshold. */
  readonly crossing: number;
  /** From the last line of a flood until the rate is below the threshold. */
  readonly falling: number;
  /** `for` of the rule. */
  readonly pending: number;
  /** Evaluation interval. */
  readonly interval: number;
  readonly groupWait: number;
  readonly groupInterval: number;
}

/**
 * Returns the delays, in a flood, of the alert in the manifests that compares a rate of lines with a number.
 * @param rate lines per second of the flood
 * @throws if the manifests have no such alert
 */
export function alertTimes(manifests: readonly Manifest[], rate: number): AlertTimes {
  const { alert, group, window, threshold } = rateAlert(manifests);
  const loki = parse(configData(manifests, 'loki-config')['config.yaml'] ?? '');
  const { config } = readAlertmanagerConfig(
    configData(manifests, 'alertmanager-config')['alertmanager.yml'] ?? '',
    'alertmanager.yml',
  );
  const [route] = config ? matchRoutes(routeTree(config), { ...alert.labels, alertname: alert.alert }) : [];
  if (!route) throw new Error(`the manifests have no route for ${alert.alert}`);
  const crossing = (threshold / rate) * window;
  return {
    alert: alert.alert,
    crossing,
    falling: window - crossing,
    pending: seconds(alert.for ?? '0s'),
    interval: seconds(group.interval ?? loki.ruler.evaluation_interval),
    groupWait: seconds(route.groupWait),
    groupInterval: seconds(route.groupInterval),
  };
}

interface FoundAlert {
  readonly alert: AlertRule;
  readonly group: RuleGroup;
  /** Seconds. */
  readonly window: number;
  /** Lines per second. */
  readonly threshold: number;
}

function rateAlert(manifests: readonly Manifest[]): FoundAlert {
  for (const [name, text] of Object.entries(configData(manifests, 'loki-rules-'))) {
    for (const group of readRules(text, name).flatMap(({ groups }) => groups)) {
      for (const alert of group.rules.filter(isAlert)) {
        const expr = first(parseLogQL(alert.expr).expr);
        if (expr?.kind !== 'binary' || expr.operator !== '>' || expr.right.kind !== 'number') continue;
        for (const part of walk(expr.left)) {
          if (part.kind !== 'range' || part.operation !== 'rate' || part.range.stages.length > 0) continue;
          return { alert, group, window: part.range.milliseconds / 1000, threshold: expr.right.value };
        }
      }
    }
  }
  throw new Error('the manifests have no alert that compares the rate of all lines of a stream with a number');
}

/** Returns the comparison of an alert, without the part after `or`, which keeps it firing while logs are late. */
function first(expr: Expr | undefined): Expr | undefined {
  return expr?.kind === 'binary' && expr.operator === 'or' ? first(expr.left) : expr;
}

function seconds(duration: string): number {
  return (durationMs(duration) ?? Number.NaN) / 1000;
}
