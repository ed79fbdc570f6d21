import * as v from 'valibot';
import { tenantLimits } from '../loki/tenant-limits';
import type { Tenant } from '../loki/tenants';
import { ruleFiles } from '../rules/rule-files-schema';
import { OWN_TENANT } from '../rules/tenant';
import { namespaceName, optionsOf, wrong } from '../validate/validate';

/** A tenant's id is part of names of Kubernetes objects, so it is stricter than in Loki. */
const TENANT_ID = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Tenants, by id. */
export const tenants = v.pipe(
  v.record(
    v.pipe(
      v.string(),
      v.regex(TENANT_ID, wrong('is not a valid name for a tenant', 'use up to 40 of a-z, 0-9 and -')),
      v.check(
        (id) => id !== OWN_TENANT,
        wrong("is reserved for the stack's own tenant, whose rules are `rules`", 'use another name'),
      ),
    ),
    optionsOf<Tenant>()({
      namespaces: v.pipe(
        v.array(namespaceName),
        v.nonEmpty(wrong('is empty, so the tenant has no logs', 'add a namespace')),
      ),
      rules: v.pipe(
        ruleFiles,
        v.nonEmpty(wrong('is empty, so the tenant receives no alerts', 'add some, or remove the tenant')),
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
              other === id
                ? `duplicate namespace '${namespace}' in '${id}'`
                : `namespace '${namespace}' is in both '${other}' and '${id}', but can only have one tenant`,
              'remove one of the two',
            ),
          });
        }
        owners.set(namespace, id);
      }
    }
  }),
);
