import { openshiftTenants } from '../checks/openshift';
import { LANGUAGE } from '../language';
import { isAlert, type Rule, type RuleFile, type RuleGroup } from '../model';
import { divideFiles, type RulePart } from '../shards';
import { byTenant, OWN_TENANT, TENANT_ANNOTATION } from '../tenant';
import { WAIVERS_ANNOTATION, waiverLines } from '../waiver-annotation';
import { plainGroup } from '../write';
import { type ConfigMapTarget, DEFAULT_OBJECT_NAME, DEFAULT_RULES_DIRECTORY, type RuleTarget } from './target';

/** A Kubernetes object with rules. */
export interface RuleObject {
  readonly apiVersion: string;
  readonly kind: 'ConfigMap' | 'AlertingRule' | 'RecordingRule' | 'PrometheusRule';
  readonly metadata: RuleObjectMetadata;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly tenantID?: string; readonly groups: readonly object[] };
}

export interface RuleObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An object, and what it contains. */
export interface ExportedObject {
  readonly object: RuleObject;
  /** Rule file that its rules are from. */
  readonly file: RuleFile;
  /** Tenant for which Loki evaluates the rules. @default unknown, its reader decides */
  readonly tenant?: string;
  /** Number of rules in it. */
  readonly rules: number;
}

/** Label that the sidecar of Loki's chart selects by default, with any value (`sidecar.rules.label`, `labelValue`). */
const SIDECAR_LABEL = { loki_rule: '' };

/** Annotation with the folder of the files, k8s-sidecar's default `FOLDER_ANNOTATION`. */
const FOLDER_ANNOTATION = 'k8s-sidecar-target-directory';

/** Label of a PrometheusRule with the tenant of its rules, for `rule_selector` of one Alloy component per tenant. */
const TENANT_SELECTOR = 'loki-alerts/tenant';

/**
 * Returns the objects of rule files. Each file has its own object, or several if it is over the limit of `kubectl
 * apply`. k8s-sidecar needs that: when a file moves from one ConfigMap to another, it may write the new one before it
 * deletes the old one, which has the same path.
 */
export function ruleObjects(files: readonly RuleFile[], target: RuleTarget): ExportedObject[] {
  return [...byTenant(files)].flatMap(([own, ofTenant]) => {
    const tenant = own ?? defaultTenant(target);
    return divideFiles(ofTenant).flatMap((part) =>
      contentsOf(part, target.as, tenant).map(({ apiVersion, kind, rules, waivers, ...content }) => ({
        object: { apiVersion, kind, metadata: metadataOf(part, target, { own, waivers }), ...content },
        file: part.file,
        tenant,
        rules,
      })),
    );
  });
}

/** Tenant of files without their own; undefined if the target has none. */
export function defaultTenant(target: RuleTarget): string | undefined {
  switch (target.as) {
    case 'configmap':
      return target.tenant ?? OWN_TENANT;
    case 'alertingrule': {
      const { tenant, openshift = false, namespace } = target;
      return tenant ?? (openshift && namespace !== undefined ? openshiftTenants(namespace)[0] : undefined);
    }
    case 'prometheusrule':
      return undefined;
  }
}

/** Name of the object of a file, or of a part of it. */
export function objectName({ name = DEFAULT_OBJECT_NAME }: RuleTarget, own: string | undefined, key: string): string {
  return [name, own, key.replace(/\.ya?ml$/, '')]
    .flatMap((part) => (part === undefined ? [] : [part.toLowerCase().replace(/[^a-z0-9]+/g, '-')]))
    .join('-')
    .replace(/-{2,}/g, '-')
    .replace(/^-|-$/g, '');
}

interface MetadataOptions {
  /** Tenant of the file itself. */
  readonly own?: string;
  readonly waivers?: string;
}

function metadataOf({ key }: RulePart, target: RuleTarget, { own, waivers }: MetadataOptions): RuleObjectMetadata {
  const labels = { ...labelsOf(target), ...(target.as === 'prometheusrule' && own ? { [TENANT_SELECTOR]: own } : {}) };
  const annotations = {
    ...(target.as === 'configmap' ? { [FOLDER_ANNOTATION]: tenantFolder(target, own) } : {}),
    ...(target.as === 'prometheusrule' ? { [LANGUAGE.annotation]: LANGUAGE.logql } : {}),
    ...(own === undefined ? {} : { [TENANT_ANNOTATION]: own }),
    ...(waivers === undefined ? {} : { [WAIVERS_ANNOTATION]: waivers }),
  };
  return {
    name: objectName(target, own, key),
    ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
}

function labelsOf({ as, labels }: RuleTarget): Readonly<Record<string, string>> {
  return labels ?? (as === 'configmap' ? SIDECAR_LABEL : {});
}

/** Absolute: with `sidecar.rules.folder: /rules/fake`, a relative folder would be below that of the tenant. */
function tenantFolder(target: ConfigMapTarget, own: string | undefined): string {
  const { rulesDirectory = DEFAULT_RULES_DIRECTORY } = target;
  return `${rulesDirectory.replace(/\/+$/, '')}/${own ?? defaultTenant(target)}`;
}

interface Contents extends Omit<RuleObject, 'metadata'> {
  readonly waivers?: string;
  readonly rules: number;
}

function contentsOf({ key, yaml, groups }: RulePart, as: RuleTarget['as'], tenant?: string): Contents[] {
  switch (as) {
    case 'configmap':
      // The YAML has the waivers as comments.
      return [{ apiVersion: 'v1', kind: 'ConfigMap', data: { [key]: yaml }, rules: count(groups) }];
    case 'prometheusrule':
      return [{ apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', ...specOf(groups) }];
    case 'alertingrule':
      return operatorContents(groups, tenant);
  }
}

/** Alerts and recording rules are different kinds, so a group with both becomes two groups. */
function operatorContents(all: readonly RuleGroup[], tenantID?: string): Contents[] {
  const kinds = [
    ['AlertingRule', isAlert],
    ['RecordingRule', (rule: Rule) => !isAlert(rule)],
  ] as const;
  return kinds.flatMap(([kind, belongs]) => {
    const groups = all
      .map((group) => ({ ...group, rules: group.rules.filter(belongs).map(withFor) }))
      .filter(({ rules }) => rules.length > 0);
    return groups.length > 0 ? [{ apiVersion: 'loki.grafana.com/v1', kind, ...specOf(groups, tenantID) }] : [];
  });
}

/** The operator's webhook parses the `for` of every alert, and rejects a missing one. */
function withFor(rule: Rule): Rule {
  return isAlert(rule) ? { ...rule, for: rule.for ?? '0s' } : rule;
}

function specOf(groups: readonly RuleGroup[], tenantID?: string): Pick<Contents, 'spec' | 'waivers' | 'rules'> {
  const spec = { ...(tenantID === undefined ? {} : { tenantID }), groups: groups.map(plainGroup) };
  return { spec, waivers: waiverLines(groups), rules: count(groups) };
}

function count(groups: readonly RuleGroup[]): number {
  return groups.reduce((sum, { rules }) => sum + rules.length, 0);
}
