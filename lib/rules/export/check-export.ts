import { type Finding, finding } from '../../checks/findings';
import { isLabelValue } from '../../kubernetes/label-syntax';
import type { CheckOptions } from '../check-options';
import { checkTenantRuleFiles } from '../check-rules';
import { openshiftTenants } from '../checks/openshift';
import type { RuleFile } from '../model';
import { placeOf } from '../source';
import { byTenant } from '../tenant';
import { defaultTenant, type ExportedObject, ruleObjects } from './objects';
import type { OperatorTarget, RuleTarget } from './target';

/** Objects, and the findings on their rules. Objects with errors must not be written. */
export interface RuleExport {
  readonly objects: readonly ExportedObject[];
  readonly findings: readonly Finding[];
}

/**
 * Returns the objects of rule files for a target, and all findings. What the webhook of the Loki operator only rejects
 * on OpenShift is an error with `openshift`, and otherwise a warning.
 */
export function exportRules(files: readonly RuleFile[], target: RuleTarget, options: CheckOptions = {}): RuleExport {
  const objects = ruleObjects(files, target);
  return {
    objects,
    findings: [
      ...(target.as === 'alertingrule' ? checkOperator(files, target) : []),
      ...(target.as === 'prometheusrule' ? checkTenantLabels(files) : []),
      ...checkRules(files, target, options),
      ...checkNames(objects),
    ],
  };
}

function checkRules(files: readonly RuleFile[], target: RuleTarget, options: CheckOptions): Finding[] {
  const common: CheckOptions = { ...options, asConfigMaps: true };
  const fallback = defaultTenant(target);
  if (target.as !== 'alertingrule') return checkTenantRuleFiles(files, common, fallback);
  const { openshift = false, namespace } = target;
  return [...byTenant(files, fallback)].flatMap(([tenant, own]) =>
    checkTenantRuleFiles(own, { ...common, openshift: openshift ? { namespace, tenant } : {} }, fallback).map((found) =>
      onOpenshift(found, openshift),
    ),
  );
}

function onOpenshift(found: Finding, isOpenshift: boolean): Finding {
  if (found.id !== 'openshift-rejects') return found;
  const problem = `on OpenShift, the Loki operator rejects the rule: ${found.problem}`;
  return { ...found, problem, severity: isOpenshift ? found.severity : 'warning' };
}

function checkOperator(files: readonly RuleFile[], target: OperatorTarget): Finding[] {
  const { namespace, openshift = false } = target;
  const tenants = [...byTenant(files, defaultTenant(target)).keys()];
  const allowed = openshift && namespace !== undefined ? openshiftTenants(namespace) : undefined;
  const wrong = tenants.filter((tenant) => tenant !== undefined && allowed && !allowed.includes(tenant));
  return [
    ...(openshift && namespace === undefined
      ? [option('namespace', 'is missing: on OpenShift, it decides the tenant of rules', 'set it')]
      : tenants.includes(undefined)
        ? [option('tenant', 'is missing: the resources of the Loki operator have a tenant', 'set it')]
        : []),
    ...wrong.map((tenant) =>
      option(
        'tenant',
        `"${tenant}" is not possible in namespace "${namespace}" on OpenShift`,
        `use ${allowed?.join(' or ')}`,
      ),
    ),
  ];
}

/** The tenant is a label, so that each Alloy component can select the rules of its tenant. */
function checkTenantLabels(files: readonly RuleFile[]): Finding[] {
  return [...byTenant(files).keys()].flatMap((tenant) =>
    tenant === undefined || isLabelValue(tenant)
      ? []
      : [
          option(
            'tenant',
            `"${tenant}" is not a valid label value, by which Alloy would select its rules`,
            'use up to 63 of A-Z, a-z, 0-9, -, _ and .',
          ),
        ],
  );
}

function option(name: string, problem: string, fix: string): Finding {
  return finding('option', { path: [name], subject: `option '${name}'`, problem, fix });
}

/** Maximum length of the name of a Kubernetes object. */
const MAX_NAME = 253;

function checkNames(objects: readonly ExportedObject[]): Finding[] {
  const taken = new Map<string, RuleFile>();
  return objects.flatMap(({ object: { kind, metadata }, file }) => {
    const { name } = metadata;
    const other = taken.get(`${kind} ${name}`);
    taken.set(`${kind} ${name}`, file);
    const problem =
      name.length > MAX_NAME
        ? `the name of its ${kind} would have ${name.length} characters, more than ${MAX_NAME}`
        : other && other !== file
          ? `its ${kind} would have the same name as that of '${other.name}', "${name}"`
          : undefined;
    if (problem === undefined) return [];
    return [finding('file-name', { subject: `file '${file.name}'`, problem, fix: 'rename it', place: placeOf(file) })];
  });
}
