import type { ApiObject } from 'cdk8s';
import { PrometheusRule, PrometheusRuleSpecGroupsRulesExpr } from '../../imports/monitoring.coreos.com';
import { createObject } from '../kubernetes/create-object';
import { labels } from '../kubernetes/labels';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { LANGUAGE } from '../rules/language';
import type { PrometheusAlert } from './pipeline-alerts';

/** Name of the object and of its rule group. */
const NAME = 'log-pipeline';

/**
 * Creates a PrometheusRule with the alerts, for the Prometheus Operator.
 *
 * @param selectedBy labels by which the Prometheus selects PrometheusRules
 * @see https://prometheus-operator.dev/docs/developer/alerting/#deploying-prometheus-rules
 */
export function prometheusRule(
  chart: NamespacedChart,
  alerts: readonly PrometheusAlert[],
  selectedBy: Readonly<Record<string, string>> = {},
): ApiObject {
  return createObject(chart, NAME, PrometheusRule, {
    metadata: {
      name: NAME,
      labels: { ...labels(NAME, 'monitoring'), ...selectedBy },
      annotations: { [LANGUAGE.annotation]: LANGUAGE.promql },
    },
    spec: {
      groups: [
        {
          name: NAME,
          rules: alerts.map((alert) => ({
            ...alert,
            labels: { ...alert.labels },
            annotations: { ...alert.annotations },
            expr: PrometheusRuleSpecGroupsRulesExpr.fromString(alert.expr),
          })),
        },
      ],
    },
  });
}
