import { basename, dirname } from 'node:path';
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

/**
 * Annotation of a ConfigMap with the folder that the sidecar of Loki's Helm chart writes its files to: `/rules/team-a`.
 * @see https://github.com/kiwigrid/k8s-sidecar
 */
export const SIDECAR_FOLDER = 'k8s-sidecar-target-directory';

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

/** Adds the tenant to a file; an invalid tenant ID is ignored, and the default one is the same as none. */
export function withTenant<T extends object>(file: T, tenant: string | undefined): T {
  return tenant !== undefined && tenant !== OWN_TENANT && isTenantId(tenant)
    ? Object.assign(file, { [TENANT]: tenant })
    : file;
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
 * @param tenant tenant ID @default the only tenant, or the default one
 * @returns undefined if only other tenants have files
 */
export function rulesOfTenant(files: readonly RuleFile[], tenant?: string): RuleFile[] | undefined {
  const tenants = byTenant(files);
  const unnamed = tenants.get(undefined);
  if (tenants.size === (unnamed ? 1 : 0)) return unnamed ?? [];
  if (tenant === undefined && tenants.size === 1) return [...files];
  return tenant === undefined || tenant === OWN_TENANT ? unnamed : tenants.get(tenant);
}

/**
 * Adds the tenants of Loki's own layout, `<folder>/<tenant>/<file>`: if files in neighboring folders have the same name,
 * the folders are those of tenants, because one file would replace the other.
 *
 * @param files rule files, with the path that each was read from; undefined if it is not a file of its own
 */
export function withFolderTenants(files: readonly { readonly rules: RuleFile; readonly path?: string }[]): RuleFile[] {
  const parents = new Map<string, Map<string, Set<string>>>();
  for (const { path } of files) {
    if (path === undefined) continue;
    const parent = dirname(dirname(path));
    const names = parents.get(parent) ?? new Map<string, Set<string>>();
    parents.set(parent, names.set(basename(path), new Set([...(names.get(basename(path)) ?? []), dirname(path)])));
  }
  const hasTenants = (path: string) => {
    const names = [...(parents.get(dirname(dirname(path))) ?? new Map<string, Set<string>>()).values()];
    return names.some((folders) => folders.size > 1 && folders.has(dirname(path)));
  };
  return files.map(({ rules, path }) =>
    path !== undefined && hasTenants(path) ? withTenant(rules, basename(dirname(path))) : rules,
  );
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
