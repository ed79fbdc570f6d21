import '../versions/node';
import type { Validation, ValidationContext } from 'cdk8s-cli/plugins';
import { formatMessage } from '../checks/findings';
import { ResourceFinder } from '../kubernetes-objects/resource-finder';
import { checkInputs, type ReadOptions, readManifests } from '../lint/inputs';
import type { CheckOptions } from '../rules/check-options';

/** `properties` of the validation in cdk8s.yaml. */
export interface LokiAlertsProperties
  extends CheckOptions,
    Pick<ReadOptions, 'prometheusRuleLabels' | 'alertmanagerVersion'> {
  /** Also fails the synthesis for warnings. @default false */
  readonly strict?: boolean;
}

/**
 * Validation plugin for cdk8s-cli: checks the rules and Alertmanager routes in the manifests of any cdk8s project, in
 * ConfigMaps, Secrets, and AlertingRule, RecordingRule and PrometheusRule resources.
 *
 *     validations:
 *       - package: ./node_modules/loki-alerts/plugin.js
 *         version: 0.1.0
 *         class: LokiAlerts
 *         properties: { strict: true }
 */
export class LokiAlerts implements Validation {
  constructor(private readonly properties: LokiAlertsProperties) {}

  async validate({ manifests, report }: ValidationContext): Promise<void> {
    const { strict = false, prometheusRuleLabels, alertmanagerVersion, ...options } = this.properties;
    const findings = checkInputs(readManifests(manifests, { prometheusRuleLabels, alertmanagerVersion }), options);
    const resources = new ResourceFinder();
    for (const found of findings) {
      const { file = '', line = 1, column = 1 } = found.place ?? {};
      report.addViolation({
        ruleName: found.id,
        recommendation: formatMessage(found),
        fix: `npx loki-alerts explain ${found.id}`,
        violatingResources: [
          { resourceName: resources.nameAt(file, line), locations: [`${file}:${line}:${column}`], manifestPath: file },
        ],
      });
    }
    const failed = findings.some(({ severity }) => severity === 'error' || strict);
    report.submit(failed ? 'failure' : 'success', { findings: String(findings.length) });
  }
}
