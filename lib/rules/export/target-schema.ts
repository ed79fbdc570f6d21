import * as v from 'valibot';
import { labelKey, labelValue } from '../../kubernetes/label-syntax';
import { entriesOf, namespaceName, objectName, schemaAs, wrong } from '../../validate/validate';
import { isTenantId } from '../tenant';
import {
  type ConfigMapTarget,
  OBJECT_FORMS,
  type OperatorTarget,
  type PrometheusRuleTarget,
  type RuleTarget,
  type SharedRuleTarget,
} from './target';

/** Schema of a tenant ID of Loki. */
export const tenantId = v.pipe(
  v.string(),
  v.check(isTenantId, wrong('is not a valid tenant ID', "use up to 150 of A-Z, a-z, 0-9 and !-_.*'()")),
);

const shared = entriesOf<SharedRuleTarget>()({
  namespace: v.optional(namespaceName),
  labels: v.optional(v.record(labelKey, labelValue)),
  name: v.optional(objectName),
});

/** All forms, so that the error for an invalid one lists them all. */
const form = v.picklist(OBJECT_FORMS);

/** Options of each form. */
export const TARGET_ENTRIES = {
  configmap: entriesOf<ConfigMapTarget>()({
    as: schemaAs<'configmap'>(form),
    tenant: v.optional(tenantId),
    rulesDirectory: v.optional(
      v.pipe(v.string(), v.startsWith('/', wrong('is not an absolute path', "use e.g. '/rules'"))),
    ),
    ...shared,
  }),
  alertingrule: entriesOf<OperatorTarget>()({
    as: schemaAs<'alertingrule'>(form),
    tenant: v.optional(tenantId),
    openshift: v.optional(v.boolean()),
    ...shared,
  }),
  prometheusrule: entriesOf<PrometheusRuleTarget>()({
    as: schemaAs<'prometheusrule'>(form),
    ...shared,
  }),
} satisfies Record<RuleTarget['as'], object>;

/** Options of each form, with that of plain files. */
export const FORM_ENTRIES = { files: { tenant: TARGET_ENTRIES.configmap.tenant }, ...TARGET_ENTRIES };

/** Form that options ask for; the schema of the first one reports an unknown form. */
export function formOf(options: unknown): RuleTarget['as'] {
  const given = typeof options === 'object' && options !== null && 'as' in options ? options.as : undefined;
  return OBJECT_FORMS.find((form) => form === given) ?? 'configmap';
}
