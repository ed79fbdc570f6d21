import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Finding } from '../checks/findings';
import { labels } from '../kubernetes/labels';
import type { CheckOptions } from '../rules/check-options';
import { exportRules } from '../rules/export/check-export';
import type { ExportedObject } from '../rules/export/objects';
import { OBJECT_FORMS, type RuleTarget } from '../rules/export/target';
import type { RuleFile } from '../rules/model';
import { tenantRules, withTenant } from '../rules/tenant';
import { addRuleObjects } from './loki-rules';
import type { Stack } from './resolve';

/**
 * Adds the rules of a stack with an external Loki, as objects in the form that it reads. In a namespace of their own,
 * they are a chart, and so a file in dist, without the Namespace.
 */
export function externalRules(scope: Construct, logging: Chart, stack: Stack): void {
  const target = targetOf(stack);
  if (target === undefined) return;
  const namespace = rulesNamespace(stack);
  const chart =
    namespace === undefined ? logging : new Chart(scope, namespace, { namespace, disableResourceNameHashes: true });
  addRuleObjects(chart, exportRules(filesOf(stack), target).objects.map(withLabels));
}

/** Namespace of the rules, unless it is one of the stack. */
export function rulesNamespace({ externalLoki, namespaces }: Stack): string | undefined {
  const namespace = externalLoki?.rules?.namespace;
  return namespace === namespaces.logging ? undefined : namespace;
}

const LABELS = labels('loki-rules', 'rules');

function withLabels(exported: ExportedObject): ExportedObject {
  const { object } = exported;
  const metadata = { ...object.metadata, labels: { ...LABELS, ...object.metadata.labels } };
  return { ...exported, object: { ...object, metadata } };
}

/** Checks the rules of a stack with an external Loki; undefined if they have no form. */
export function checkExternalRules(stack: Stack, options: CheckOptions): Finding[] | undefined {
  const target = targetOf(stack);
  return target && exportRules(filesOf(stack), target, options).findings.map(atOption);
}

/** Form of the rules, whose default tenant is that of Loki. */
function targetOf({ externalLoki }: Stack): RuleTarget | undefined {
  const { rules, tenant } = externalLoki ?? {};
  // The schema reports an invalid form.
  if (rules === undefined || !OBJECT_FORMS.includes(rules.as)) return undefined;
  if (rules.as === 'prometheusrule' || tenant === undefined) return rules;
  return { tenant, ...rules };
}

function filesOf({ rules, tenants = {} }: Stack): RuleFile[] {
  const ofTenants = Object.entries(tenants).flatMap(([id, tenant]) =>
    tenantRules(id, tenant).map((file) => withTenant(file, id)),
  );
  return [...rules, ...ofTenants];
}

/** Gives a finding on the form its place in the options. */
function atOption(found: Finding): Finding {
  if (found.id !== 'option') return found;
  const path = ['loki', 'external', 'rules', ...found.path];
  return { ...found, path, subject: `option '${path.join('.')}'` };
}
