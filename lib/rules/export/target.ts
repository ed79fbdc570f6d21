/** Options of every form of rules. */
export interface SharedRuleTarget {
  /** Namespace of the objects. @default none, that of the chart or of `kubectl apply` */
  readonly namespace?: string;
  /**
   * Labels of the objects, by which their reader selects them.
   * @default `loki_rule: ''` with `configmap`, none with the others
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** Start of the names of the objects, before the tenant and the rule file. @default 'loki-rules' */
  readonly name?: string;
}

/** ConfigMaps for the sidecar of Loki's Helm chart, k8s-sidecar, which writes their files to the ruler's folder. */
export interface ConfigMapTarget extends SharedRuleTarget {
  /** Form of the rules. */
  readonly as: 'configmap';
  /** Tenant of rule files without their own. @default 'fake', the tenant of a Loki without multi-tenancy */
  readonly tenant?: string;
  /** The ruler's `storage.local.directory`, which has a folder for each tenant. @default '/rules' */
  readonly rulesDirectory?: string;
}

/** AlertingRules and RecordingRules of the Loki operator. */
export interface OperatorTarget extends SharedRuleTarget {
  /** Form of the rules. */
  readonly as: 'alertingrule';
  /**
   * Tenant of rule files without their own; required if there are any.
   * @default with `openshift`, the tenant of the namespace: `application` or `infrastructure`
   */
  readonly tenant?: string;
  /** True to report as errors what the operator rejects on OpenShift; requires `namespace`. @default false, warnings */
  readonly openshift?: boolean;
}

/** PrometheusRules for `loki.rules.kubernetes` of Grafana Alloy, which sends them to the ruler's API. */
export interface PrometheusRuleTarget extends SharedRuleTarget {
  /** Form of the rules. */
  readonly as: 'prometheusrule';
}

/** Form in which a Loki that already exists receives rules. */
export type RuleTarget = ConfigMapTarget | OperatorTarget | PrometheusRuleTarget;

/** Forms of rules as Kubernetes objects. */
export const OBJECT_FORMS = [
  'configmap',
  'alertingrule',
  'prometheusrule',
] as const satisfies readonly RuleTarget['as'][];

/** The `storage.local.directory` in the documentation of Loki's Helm chart, and the sidecar's default folder. */
export const DEFAULT_RULES_DIRECTORY = '/rules';

/** Prefix of the names of objects. */
export const DEFAULT_OBJECT_NAME = 'loki-rules';
