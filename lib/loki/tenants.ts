import type { RuleFile } from '../rules/model';
import type { TenantLimits } from './tenant-limits';

/** A team with a shared Loki, which only sees its own logs. Its rules only read these. */
export interface Tenant {
  /** Kubernetes namespaces whose logs belong to the tenant. */
  readonly namespaces: readonly string[];
  /** Rule files for the logs of the tenant; alerts have the label `tenant`, unless the rule sets it. */
  readonly rules: readonly RuleFile[];
  /** Limits of the tenant; a change needs no restart. @default those of `loki.limits` */
  readonly limits?: TenantLimits;
}

/** Tenants by ID. */
export type Tenants = Readonly<Record<string, Tenant>>;
