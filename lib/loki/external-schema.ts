import * as v from 'valibot';
import type { RuleTarget } from '../rules/export/target';
import { formOf, TARGET_ENTRIES, tenantId } from '../rules/export/target-schema';
import {
  duration,
  httpUrl,
  namespaceName,
  objectName,
  optionsOf,
  refused,
  schemaAs,
  wrong,
} from '../validate/validate';
import type { ExternalLoki, ExternalLokiOptions } from './external';

const TARGETS = {
  configmap: optionsOf<RuleTarget & { readonly as: 'configmap' }>()(TARGET_ENTRIES.configmap),
  alertingrule: optionsOf<RuleTarget & { readonly as: 'alertingrule' }>()(TARGET_ENTRIES.alertingrule),
  prometheusrule: optionsOf<RuleTarget & { readonly as: 'prometheusrule' }>()(TARGET_ENTRIES.prometheusrule),
};

/** Pods of several namespaces use it, and a host without dots is in the namespace of the pod. */
const lokiUrl = v.pipe(
  httpUrl,
  v.check(
    (text) => !URL.canParse(text) || /[.:]/.test(new URL(text).hostname),
    wrong('has a host without a namespace', 'use e.g. http://loki-gateway.loki.svc'),
  ),
  v.check(
    (text) => !/\/(loki\/api\/v1|otlp)\b/.test(text),
    wrong('contains the path of an API', 'use the base URL, before /loki/api/v1 and /otlp'),
  ),
);

const external = v.pipe(
  optionsOf<ExternalLoki>()({
    url: lokiUrl,
    queryUrl: v.optional(lokiUrl),
    tenant: v.optional(tenantId),
    basicAuthSecret: v.optional(objectName),
    tokenSecret: v.optional(objectName),
    caSecret: v.optional(objectName),
    rulerNamespace: v.optional(namespaceName),
    rules: schemaAs<RuleTarget | undefined>(v.optional(v.lazy((input) => TARGETS[formOf(input)]))),
  }),
  v.forward(
    v.partialCheck(
      [['basicAuthSecret'], ['tokenSecret']],
      ({ basicAuthSecret, tokenSecret }) => basicAuthSecret === undefined || tokenSecret === undefined,
      wrong('has no effect together with basicAuthSecret', 'remove one of the two'),
    ),
    ['tokenSecret'],
  ),
);

const ofLoki = refused(
  wrong('is a setting of Loki itself, which is external', 'set it where that Loki is configured, and remove it here'),
);

/** Options of an external Loki. */
export const externalOptions = schemaAs<ExternalLokiOptions>(
  v.optional(
    optionsOf<Omit<ExternalLokiOptions, 'objectStorage'>>()({
      external: schemaAs<ExternalLoki>(external),
      evaluationInterval: v.optional(duration),
      retention: ofLoki,
      limits: ofLoki,
      storage: ofLoki,
      objectStorage: ofLoki,
      replicas: ofLoki,
      replicationFactor: ofLoki,
      autoscaling: ofLoki,
      resources: ofLoki,
      zones: ofLoki,
      caches: ofLoki,
    }),
    {} as ExternalLokiOptions,
  ),
);
