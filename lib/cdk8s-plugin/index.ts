import '../versions/node';
import { formatMessage } from '../checks/findings';
import { ResourceFinder } from '../kubernetes-objects/resource-finder';
import type { ManifestOptions } from '../lint/check-manifests';

/**
 * The parts of cdk8s-cli's `ValidationContext` that the plugin uses. Its own types can only be imported with newer
 * settings of `moduleResolution` than those of a project that `cdk8s init` creates.
 */
export interface LokiAlertsContext {
  /** Paths of the synthesized manifests. */
  readonly manifests: readonly string[];
  /** Receives the findings, and the verdict. */
  readonly report: {
    addViolation(violation: {
      readonly ruleName: string;
      readonly recommendation: string;
      readonly fix: string;
      readonly violatingResources: readonly {
        readonly resourceName: string;
        readonly locations: readonly string[];
        readonly manifestPath: string;
      }[];
    }): void;
    submit(status: 'success' | 'failure', metadata?: Readonly<Record<string, string>>): void;
  };
}

/** `properties` of the validation in cdk8s.yaml. */
export interface LokiAlertsProperties extends ManifestOptions {}

/**
 * Validation plugin for cdk8s-cli: checks the rules and Alertmanager routes in the manifests of any cdk8s project, in
 * ConfigMaps, Secrets, and AlertingRule, RecordingRule and PrometheusRule resources.
 *
 *     validations:
 *       - package: ./node_modules/loki-alerts
 *         version: 0.2.0
 *         class: LokiAlerts
 *         properties: { strict: true }
 *
 * @example
 * const plugin = new LokiAlerts({ strict: true });
 */
export class LokiAlerts {
  constructor(private readonly properties: LokiAlertsProperties) {}

  async validate({ manifests, report }: LokiAlertsContext): Promise<void> {
    // The class is also an export of the package, and an app does not need what it reads files with.
    const { checkManifests } = require('../lint/check-manifests') as typeof import('../lint/check-manifests');
    const { findings, strict } = checkManifests(manifests, this.properties);
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
