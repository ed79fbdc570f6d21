import type { TenantLimits } from './loki/tenant-limits';
import { isAlert, type RuleFile } from './rules/model';

/**
 * Tenant of everything that is in no other: the stack's own rules, and logs of other namespaces. It is the one that a Loki
 * without tenants has, so that logs of the time before tenants stay.
 * @see https://grafana.com/docs/loki/v3.7.x/operations/multi-tenancy/
 */
export const OWN_TENANT = 'fake';

/** Name of the label that tells routes whose alert it is. */
export const TENANT_LABEL = 'tenant';

/** One team of a shared Loki: it sees its own lines, and its rules count nothing else. */
export interface Tenant {
  /** Kubernetes namespaces whose logs are the tenant's. */
  readonly namespaces: readonly string[];
  /** Rule files that are evaluated over the tenant's logs; its alerts get the label `tenant`, unless a rule sets one. */
  readonly rules: readonly RuleFile[];
  /** Limits of the tenant; a change needs no restart. @default those of `loki.limits` */
  readonly limits?: TenantLimits;
}

/** Tenants by their ids. */
export type Tenants = Readonly<Record<string, Tenant>>;

/** The rule files as Loki gets them: each alert with the label of its tenant. */
export function tenantRules(id: string, { rules }: Pick<Tenant, 'rules'>): RuleFile[] {
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
