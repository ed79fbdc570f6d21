import type { RuleFile } from '../rules/model';
import type { TenantLimits } from './tenant-limits';

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
