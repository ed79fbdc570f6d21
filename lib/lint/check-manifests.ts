import { resolve } from 'node:path';
import { type Finding, notWaived } from '../checks/findings';
import type { CheckOptions } from '../rules/check-options';
import { configured, knownOptions } from './config/apply';
import { noConfig, readConfig } from './config/read';
import type { Inputs } from './input-model';
import { checkInputs, type ReadOptions, readManifests } from './inputs';
import { checkPolicies } from './policies';

/** `properties` of the validation in cdk8s.yaml. */
export interface ManifestOptions
  extends CheckOptions,
    Pick<ReadOptions, 'prometheusRuleLabels' | 'alertmanagerVersion'> {
  /** Also fails the synthesis for warnings. @default false */
  readonly strict?: boolean;
  /**
   * Path of the configuration; false for none. Its settings apply where no property is set.
   * @default the `loki-alerts.yaml` in the folder of the app or above it
   */
  readonly config?: string | false;
}

/** Result of the check of manifests. */
export interface CheckedManifests {
  readonly inputs: Inputs;
  readonly findings: readonly Finding[];
  /** True if warnings count as errors. */
  readonly strict: boolean;
}

/**
 * Checks the manifests of an app, with the configuration of its folder.
 *
 * @throws UsageError with all findings on the configuration
 */
export function checkManifests(
  manifests: readonly string[],
  { config: path, strict, prometheusRuleLabels, alertmanagerVersion, ...options }: ManifestOptions,
  folder = process.cwd(),
): CheckedManifests {
  const sourced =
    path === false ? noConfig() : readConfig(path === undefined ? undefined : resolve(folder, path), folder);
  const { config } = sourced;
  const inputs = readManifests(manifests, {
    prometheusRuleLabels: prometheusRuleLabels ?? config.prometheusRuleLabels,
    alertmanagerVersion: alertmanagerVersion ?? config.alertmanagerVersion,
    language: config.language,
  });
  const found = [...checkInputs(inputs, { ...knownOptions(config), ...options }), ...checkPolicies(inputs, sourced)];
  return { inputs, findings: notWaived(configured(found, sourced)), strict: strict ?? config.strict ?? false };
}
