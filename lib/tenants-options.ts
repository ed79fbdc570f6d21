import * as v from 'valibot';
import { tenantLimits } from './loki/tenant-limits';
import { namespaceName, options } from './options';
import { ruleFiles } from './rules/rule-files-option';
import { OWN_TENANT } from './tenants';

/** Part of names of Kubernetes objects, and simpler than what Loki would take. */
const TENANT_ID = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Which tenants there may be. */
export const tenants = v.pipe(
  v.record(
    v.pipe(
      v.string(),
      v.regex(TENANT_ID, 'is no name for a tenant: write up to 40 of a-z, 0-9 and -'),
      v.check((id) => id !== OWN_TENANT, "is the stack's own tenant: its rules are `rules`; write another name"),
    ),
    options({
      namespaces: v.pipe(
        v.array(namespaceName),
        v.nonEmpty('is empty, so that the tenant has no logs: name a namespace'),
      ),
      rules: v.pipe(
        ruleFiles,
        v.nonEmpty('is empty: a tenant without rules is told of nothing; give it some, or leave it out'),
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
            message: `gives namespace '${namespace}' to ${other === id ? `'${id}' twice` : `both '${other}' and '${id}'`}, but a line belongs to one tenant: name it once`,
          });
        }
        owners.set(namespace, id);
      }
    }
  }),
);
