import * as v from 'valibot';
import type { Finding } from './findings';
import type { LogAlertingProps } from './log-alerting';
import {
  checkOptions,
  duration,
  httpUrl,
  namespaceName,
  objectName,
  options,
  orFalse,
  positiveInteger,
  quantity,
} from './options';

/** A webhook of this host is a credential: whoever knows it can post. */
const SLACK_HOST = /(^|\.)slack(-gov)?\.com$/;

const slack = v.pipe(
  options({
    webhookSecret: v.optional(objectName),
    webhookUrl: v.optional(
      v.pipe(
        httpUrl,
        v.check(
          (url) => !URL.canParse(url) || !SLACK_HOST.test(new URL(url).hostname),
          "is a credential, and dist is committed: put it into a Secret and write webhookSecret: '<its name>' instead",
        ),
      ),
    ),
    channel: v.optional(v.pipe(v.string(), v.nonEmpty('is empty: write a channel as in #alerts'))),
  }),
  v.check(
    ({ webhookSecret, webhookUrl }) => (webhookSecret === undefined) !== (webhookUrl === undefined),
    'needs exactly one of webhookSecret (a real Slack) and webhookUrl (a stand-in such as slack-inbox)',
  ),
);

const texts = v.record(v.string(), v.string());

const rule = options({
  alert: v.optional(v.string()),
  record: v.optional(v.string()),
  expr: v.string(),
  for: v.optional(v.string()),
  labels: v.optional(texts),
  annotations: v.optional(texts),
  waive: v.optional(v.array(options({ check: v.string(), reason: v.string() }))),
});

const rules = v.array(
  options({
    name: v.string(),
    groups: v.array(
      options({
        name: v.string(),
        interval: v.optional(v.string()),
        limit: v.optional(v.number()),
        rules: v.array(rule),
      }),
    ),
  }),
);

const namespaces = v.pipe(
  options({
    logging: v.optional(namespaceName),
    logCollector: v.optional(namespaceName),
    demo: v.optional(namespaceName),
  }),
  v.check(
    (names) => new Set(Object.values(names)).size === Object.keys(names).length,
    'gives two parts one namespace, but each enforces a Pod Security level of its own: write two names',
  ),
);

const props = options({
  rules,
  rateAlert: options({
    name: v.string(),
    rate: v.function(),
    threshold: v.number(),
    runbook: v.optional(v.string()),
  }),
  slack: v.optional(slack),
  routing: v.optional(
    options({
      // Alertmanager's own checks look into these.
      routes: v.optional(v.array(v.looseObject({}))),
      receivers: v.optional(v.array(v.looseObject({}))),
      groupWait: v.optional(duration),
      groupInterval: v.optional(duration),
      repeatInterval: v.optional(duration),
    }),
  ),
  loki: v.optional(
    options({
      retention: v.optional(duration),
      evaluationInterval: v.optional(duration),
      storage: v.optional(quantity),
    }),
  ),
  grafana: v.optional(options({ adminSecret: v.optional(objectName) })),
  grafanaUrl: v.optional(httpUrl),
  alertmanagerUrl: v.optional(httpUrl),
  storageClassName: v.optional(objectName),
  demo: v.optional(orFalse(options({ rate: v.optional(positiveInteger), replicas: v.optional(positiveInteger) }))),
  networkPolicies: v.optional(v.boolean()),
  monitoring: v.optional(options({ namespace: namespaceName, labels: v.optional(texts) })),
  namespaces: v.optional(namespaces),
  severities: v.optional(v.array(v.string())),
  strict: v.optional(v.boolean()),
} satisfies Record<keyof LogAlertingProps, v.GenericSchema>);

/** What only the demo brings must be given without it. */
const schema = v.pipe(
  props,
  v.check(
    ({ demo, slack }) => demo !== false || slack !== undefined,
    'have no place for messages: without the demo there is no slack-inbox; give slack: { webhookSecret }',
  ),
  v.check(
    ({ demo, grafana }) => demo !== false || grafana?.adminSecret !== undefined,
    'leave no way into Grafana: only the demo is open to everybody; give grafana: { adminSecret }',
  ),
);

/** All that is wrong with the options of the product; the types say the same, but `cdk8s synth` does not check types. */
export function checkLogAlertingOptions(value: unknown): Finding[] {
  return checkOptions(schema, value);
}
