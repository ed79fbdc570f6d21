import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import * as v from 'valibot';
import type { CheckOptions } from '../rules/check-options';
import { exportRules } from '../rules/export/check-export';
import type { ExportedObject } from '../rules/export/objects';
import type { RuleTarget } from '../rules/export/target';
import { formOf, TARGET_ENTRIES, tenantId } from '../rules/export/target-schema';
import type { RuleFile } from '../rules/model';
import { ruleFiles } from '../rules/rule-files-schema';
import { withTenant } from '../rules/tenant';
import { checkOptions, duration, entriesOf, optionsOf } from '../validate/validate';
import { report } from './report';

/** Rules of `LokiRules`, and what its checks know about the Loki. */
export interface LokiRulesOptions {
  /** Rule files that Loki evaluates. */
  readonly rules: readonly RuleFile[];
  /** Rule files of further tenants, by tenant ID. @default none */
  readonly tenants?: Readonly<Record<string, readonly RuleFile[]>>;
  /** Properties of the Loki that the checks take into account. @default as in `CheckOptions` */
  readonly check?: Pick<CheckOptions, 'evaluationInterval' | 'severities' | 'collectorLabels'>;
  /** Also fails the synthesis for warnings. @default false */
  readonly strict?: boolean;
}

/** Props of `LokiRules`, depending on `as`. */
export type LokiRulesProps = RuleTarget & LokiRulesOptions;

const options = entriesOf<LokiRulesOptions>()({
  rules: ruleFiles,
  tenants: v.optional(v.record(tenantId, ruleFiles)),
  check: v.optional(
    optionsOf<NonNullable<LokiRulesOptions['check']>>()({
      evaluationInterval: v.optional(duration),
      severities: v.optional(v.array(v.string())),
      collectorLabels: v.optional(v.array(v.string())),
    }),
  ),
  strict: v.optional(v.boolean()),
});

const SCHEMAS = {
  configmap: optionsOf<LokiRulesProps & { readonly as: 'configmap' }>()({ ...TARGET_ENTRIES.configmap, ...options }),
  alertingrule: optionsOf<LokiRulesProps & { readonly as: 'alertingrule' }>()({
    ...TARGET_ENTRIES.alertingrule,
    ...options,
  }),
  prometheusrule: optionsOf<LokiRulesProps & { readonly as: 'prometheusrule' }>()({
    ...TARGET_ENTRIES.prometheusrule,
    ...options,
  }),
};

/**
 * Rules for a Loki that is not part of the app, as objects that it reads: ConfigMaps for the sidecar of its Helm chart,
 * AlertingRules and RecordingRules of the Loki operator, or PrometheusRules for Grafana Alloy. They are children of
 * this construct. If options or rules have errors, `app.synth()` reports all of them, and there are no objects.
 *
 * @see docs/existing-loki.md
 * @example
 * import * as cdk8s from 'cdk8s';
 *
 * const app = new cdk8s.App();
 * const chart = new cdk8s.Chart(app, 'log-alerts', { namespace: 'loki', disableResourceNameHashes: true });
 * const rules = [highLogRate({ grafanaUrl: 'https://grafana.example.com' })];
 * new LokiRules(chart, 'rules', { as: 'configmap', rules, tenant: 'ops' });
 * app.synth();
 */
export class LokiRules extends Construct {
  /** Objects with the rules; none if there are errors. */
  readonly objects: readonly ApiObject[];

  constructor(scope: Construct, id: string, props: LokiRulesProps) {
    super(scope, id);
    const invalid = checkOptions(SCHEMAS[formOf(props)], props);
    const { objects, findings } =
      invalid.length > 0 ? { objects: [], findings: invalid } : exported(props, Chart.of(this).namespace);
    this.objects = report(this, findings, props) ? [] : addRuleObjects(this, objects);
  }
}

/** Adds objects with rules to a construct. */
export function addRuleObjects(scope: Construct, objects: readonly ExportedObject[]): ApiObject[] {
  return objects.map(({ object }) => new ApiObject(scope, `${object.kind}-${object.metadata.name}`, object));
}

function exported({ rules, tenants = {}, check, strict: _, ...target }: LokiRulesProps, namespace?: string) {
  const ofTenants = Object.entries(tenants).flatMap(([id, files]) => files.map((file) => withTenant({ ...file }, id)));
  return exportRules([...rules, ...ofTenants], { namespace, ...target }, check);
}
