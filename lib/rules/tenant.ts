import type { Finding } from '../checks/findings';
import { isAlert, type RuleFile } from './model';

/**
 * Default tenant: that of the stack's own rules, and of logs of namespaces without a tenant. A Loki without tenants
 * uses the same ID, so that older logs remain available after tenants are added.
 * @see https://grafana.com/docs/loki/v3.7.x/operations/multi-tenancy/
 */
export const OWN_TENANT = 'fake';

/** Label with the tenant of an alert, for routes. */
export const TENANT_LABEL = 'tenant';

/** Annotation of a ConfigMap with the Loki tenant that its rule files are for. */
export const TENANT_ANNOTATION = 'loki-alerts/tenant';

/** Valid tenant IDs. https://grafana.com/docs/loki/v3.7.x/operations/multi-tenancy/ */
const TENANT_ID = /^(?!\.\.?$)[a-zA-Z0-9!_.*'()-]{1,150}$/;

/** A symbol rather than a field of the model, like the place of a file: a rule file is the same for any tenant. */
const TENANT = Symbol('tenant');

interface OfTenant {
  [TENANT]?: string;
}

/** True for a valid tenant ID. */
export function isTenantId(text: string): boolean {
  return TENANT_ID.test(text);
}

/** Adds the tenant from an annotation to a file; an invalid tenant ID is ignored. */
export function withTenant<T extends object>(file: T, tenant: string | undefined): T {
  return tenant !== undefined && isTenantId(tenant) ? Object.assign(file, { [TENANT]: tenant }) : file;
}

/** Tenant of a rule file; undefined if it has none. */
export function tenantOf(file: RuleFile): string | undefined {
  return (file as OfTenant)[TENANT];
}

/**
 * Rule files by tenant. Loki has a folder for each tenant.
 * @param fallback tenant of files without one @default undefined
 */
export function byTenant(files: readonly RuleFile[], fallback?: string): Map<string | undefined, RuleFile[]> {
  const tenants = new Map<string | undefined, RuleFile[]>();
  for (const file of files) {
    const tenant = tenantOf(file) ?? fallback;
    tenants.set(tenant, [...(tenants.get(tenant) ?? []), file]);
  }
  return tenants;
}

/** Names of the tenants of rule files, for messages. */
export function tenantsOf(files: readonly RuleFile[]): string {
  return [...byTenant(files).keys()].map((tenant) => `'${tenant ?? OWN_TENANT}'`).join(', ');
}

/**
 * Rule files of one tenant, whose rules only see its own log lines; all files if none has a tenant.
 * @param tenant tenant ID @default the default tenant
 * @returns undefined if only other tenants have files
 */
export function rulesOfTenant(files: readonly RuleFile[], tenant: string = OWN_TENANT): RuleFile[] | undefined {
  const tenants = byTenant(files);
  const unnamed = tenants.get(undefined);
  if (tenants.size === (unnamed ? 1 : 0)) return unnamed ?? [];
  return tenant === OWN_TENANT ? unnamed : tenants.get(tenant);
}

/** Adds the tenant to the subject of a finding. */
export function aboutTenant(tenant: string | undefined, found: Finding): Finding {
  if (tenant === undefined) return found;
  return { ...found, subject: [`tenant '${tenant}'`, found.subject].filter((part) => part).join(': ') };
}

/** Rule files for Loki, in which each alert has the label of its tenant. */
export function tenantRules(id: string, { rules }: { readonly rules: readonly RuleFile[] }): RuleFile[] {
  return rules.map((file) => ({
    ...file,
    groups: file.groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) =>
        isAlert(rule) ? { ...rule, labels: { [TENANT_LABEL]: id, ...rule.labels } } : rule,
      ),
    })),
  }));
}
