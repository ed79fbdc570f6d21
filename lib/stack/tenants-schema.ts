import * as v from 'valibot';
import { tenantLimits } from '../loki/tenant-limits';
import type { Tenant } from '../loki/tenants';
import { OWN_TENANT } from '../rules/tenant';
import { namespaceName, optionsOf, wrong } from '../validate/validate';
import { ruleFiles } from './rule-files-schema';

/** Part of names of Kubernetes objects, and simpler than what Loki would take. */
const TENANT_ID = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Which tenants there may be. */
export const tenants = v.pipe(
  v.record(
    v.pipe(
      v.string(),
      v.regex(TENANT_ID, wrong('is not a valid name for a tenant', 'write up to 40 of a-z, 0-9 and -')),
      v.check(
        (id) => id !== OWN_TENANT,
        wrong("is the stack's own tenant: its rules are `rules`", 'write another name'),
      ),
    ),
    optionsOf<Tenant>()({
      namespaces: v.pipe(
        v.array(namespaceName),
        v.nonEmpty(wrong('is empty, so that the tenant has no logs', 'name a namespace')),
      ),
      rules: v.pipe(
        ruleFiles,
        v.nonEmpty(wrong('is empty: a tenant without rules receives no alerts', 'add some, or remove the tenant')),
      ),
      limits: v.optional(tenantLimits),
    }),
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const owners = new Map<string, string>();
    for (const [id, { namespaces }] of Object.entries(dataset.value)) {
      for (const namespace of namespaces) {
        const other = owners.get(namespace);
        if (other !== undefined) {
          addIssue({
            message: wrong(
              `gives namespace '${namespace}' to ${other === id ? `'${id}' twice` : `both '${other}' and '${id}'`}, but a line belongs to one tenant`,
              'name it once',
            ),
          });
        }
        owners.set(namespace, id);
      }
    }
  }),
);
