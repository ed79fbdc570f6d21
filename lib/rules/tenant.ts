import type { Finding } from '../checks/findings';
import { isAlert, type RuleFile } from './model';

/**
 * Tenant of everything that is in no other: the stack's own rules, and logs of other namespaces. It is the one that a Loki
 * without tenants has, so that logs of the time before tenants stay.
 * @see https://grafana.com/docs/loki/v3.7.x/operations/multi-tenancy/
 */
export const OWN_TENANT = 'fake';

/** Name of the label that tells routes whose alert it is. */
export const TENANT_LABEL = 'tenant';

/** Annotation of a ConfigMap that says which tenant of Loki its rule files are for. */
export const TENANT_ANNOTATION = 'loki-alerts/tenant';

/** What Loki takes for one. https://grafana.com/docs/loki/v3.7.x/operations/multi-tenancy/ */
const TENANT_ID = /^(?!\.\.?$)[a-zA-Z0-9!_.*'()-]{1,150}$/;

/** A symbol beside the model's fields, as the place that a file was read from: a rule file is the same for any tenant. */
const TENANT = Symbol('tenant');

interface OfTenant {
  [TENANT]?: string;
}

/** The file, for the tenant of an annotation; what can be none says nothing. */
export function withTenant<T extends object>(file: T, tenant: string | undefined): T {
  return tenant !== undefined && TENANT_ID.test(tenant) ? Object.assign(file, { [TENANT]: tenant }) : file;
}

/** The files of each tenant; under undefined those of which none is known. Loki keeps each tenant's in a folder. */
export function byTenant(files: readonly RuleFile[]): Map<string | undefined, RuleFile[]> {
  const tenants = new Map<string | undefined, RuleFile[]>();
  for (const file of files) {
    const tenant = (file as OfTenant)[TENANT];
    tenants.set(tenant, [...(tenants.get(tenant) ?? []), file]);
  }
  return tenants;
}

/** Names of the tenants whose files these are, for messages. */
export function tenantsOf(files: readonly RuleFile[]): string {
  return [...byTenant(files).keys()].map((tenant) => `'${tenant ?? OWN_TENANT}'`).join(', ');
}

/**
 * The files of one tenant, since its rules see no other's lines; all where no file says whose it is.
 * @param tenant as Loki calls it @default the stack's own
 * @returns undefined if it has none, but others have
 */
export function rulesOfTenant(files: readonly RuleFile[], tenant: string = OWN_TENANT): RuleFile[] | undefined {
  const tenants = byTenant(files);
  const unnamed = tenants.get(undefined);
  if (tenants.size === (unnamed ? 1 : 0)) return unnamed ?? [];
  return tenant === OWN_TENANT ? unnamed : tenants.get(tenant);
}

/** The finding, with the tenant whose rules it is about. */
export function aboutTenant(tenant: string | undefined, found: Finding): Finding {
  if (tenant === undefined) return found;
  return { ...found, subject: [`tenant '${tenant}'`, found.subject].filter((part) => part).join(': ') };
}

/** The rule files as Loki gets them: each alert with the label of its tenant. */
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
