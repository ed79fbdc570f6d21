import * as v from 'valibot';
import { credentialIn } from './alertmanager/secrets';
import { COLLECTOR_NAMES } from './collector/collectors';
import type { Finding } from './findings';
import { DEPLOYED_IMAGES, type DeployedImage } from './images';
import { entranceHosts } from './kubernetes/entrance';
import { ENTRANCE_OPTIONS } from './kubernetes/entrance-options';
import type { LogAlertingProps } from './log-alerting-props';
import { LOKI_OPTIONS } from './loki/options';
import { tenantLimits } from './loki/tenant-limits';
import { namespacesOf } from './namespaces';
import { checkOptions, duration, httpUrl, namespaceName, objectName, options, positiveInteger } from './options';
import { hasDemo, PROFILES, type Profile } from './profiles';
import { OWN_TENANT } from './tenants';

/** A webhook of this host is a credential: whoever knows it can post. */
const SLACK_HOST = /(^|\.)slack(-gov)?\.com$/;

const slack = v.pipe(
  options({
    webhookSecret: v.optional(objectName),
    webhookUrl: v.optional(
      v.pipe(
        httpUrl,
        // Not `check`, whose message would show the credential again, in the log of a CI run for instance.
        v.rawCheck(({ dataset, addIssue }) => {
          if (!dataset.typed || !URL.canParse(dataset.value) || !SLACK_HOST.test(new URL(dataset.value).hostname))
            return;
          addIssue({
            message:
              "is a credential, and dist is committed: put it into a Secret and write webhookSecret: '<its name>' instead",
          });
        }),
      ),
    ),
    channel: v.optional(v.pipe(v.string(), v.nonEmpty('is empty: write a channel as in #alerts'))),
  }),
  v.check(
    ({ webhookSecret, webhookUrl }) => (webhookSecret === undefined) !== (webhookUrl === undefined),
    'needs exactly one of webhookSecret (a real Slack) and webhookUrl (a stand-in such as slack-inbox)',
  ),
);

/** In RFC 3339, with a zone: what it means must not depend on where it is read. */
const time = v.pipe(
  v.string(),
  v.check(
    (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
    'is no time: write it as 2026-12-01T10:00:00Z',
  ),
);

/** Host and folders, as they stand before an image's name. @see https://github.com/distribution/reference */
const REGISTRY = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;
const TAG = /^[\w][\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

const imageRegistry = v.pipe(
  v.string(),
  v.regex(REGISTRY, 'is no registry: write a host and, if need be, a folder, as in registry.example.com/mirror'),
);

const image = v.optional(
  v.pipe(
    v.string(),
    v.check(
      pinned,
      'names no version: write a tag other than latest, a digest, or both, as in grafana/loki:3.7.8@sha256:…',
    ),
  ),
);

function pinned(text: string): boolean {
  const [, name = '', tag, digest] = /^(.*?)(?::([^:/@]*))?(?:@(.*))?$/.exec(text) ?? [];
  return (
    REGISTRY.test(name) &&
    (tag === undefined || (TAG.test(tag) && tag !== 'latest')) &&
    (digest === undefined ? tag !== undefined : DIGEST.test(digest))
  );
}

const ownImages = options(
  Object.fromEntries(DEPLOYED_IMAGES.map((name) => [name, image])) as Record<DeployedImage, typeof image>,
);

const heartbeat = v.pipe(
  options({
    webhookSecret: v.optional(objectName),
    webhookUrl: v.optional(
      v.pipe(
        httpUrl,
        v.rawCheck(({ dataset, addIssue }) => {
          const why = dataset.typed ? credentialIn(dataset.value) : undefined;
          if (!why) return;
          addIssue({
            message: `${why}, and dist is committed: put it into a Secret and write webhookSecret: '<its name>' instead`,
          });
        }),
      ),
    ),
    interval: v.optional(duration),
  }),
  v.check(
    ({ webhookSecret, webhookUrl }) => (webhookSecret === undefined) !== (webhookUrl === undefined),
    'needs exactly one of webhookSecret (a heartbeat service) and webhookUrl (one that needs no credential)',
  ),
);

const texts = v.record(v.string(), v.string());

const ofTheStack = 'is for the tree of the stack, which config replaces: write it into config, or leave config out';

const routing = v.pipe(
  options({
    // Alertmanager's own checks look into these.
    config: v.optional(v.looseObject({ route: v.looseObject({}), receivers: v.array(v.looseObject({})) })),
    templates: v.optional(
      v.record(
        v.pipe(v.string(), v.regex(/^[\w.-]+\.tmpl$/, 'is no name of a template file: write for instance shop.tmpl')),
        v.string(),
      ),
    ),
    routes: v.optional(v.array(v.looseObject({}))),
    receivers: v.optional(v.array(v.looseObject({}))),
    groupWait: v.optional(duration),
    groupInterval: v.optional(duration),
    repeatInterval: v.optional(duration),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.config === undefined) return;
    const input = dataset.value;
    for (const key of ['routes', 'receivers', 'groupWait', 'groupInterval', 'repeatInterval'] as const) {
      if (input[key] === undefined) continue;
      addIssue({ message: ofTheStack, path: [{ type: 'object', origin: 'value', input, key, value: input[key] }] });
    }
  }),
);

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

/** Part of names of Kubernetes objects, and simpler than what Loki would take. */
const TENANT_ID = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

const tenants = v.pipe(
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
        rules,
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

const namespaces = options({
  logging: v.optional(namespaceName),
  logCollector: v.optional(namespaceName),
  demo: v.optional(namespaceName),
});

/** One schema a profile, because Loki's options are others in each. */
const props = (profile: Profile) =>
  options({
    profile: v.optional(v.picklist(PROFILES)),
    rules,
    tenants: v.optional(tenants),
    rateAlert: options({ name: v.string(), rate: v.function(), threshold: v.number() }),
    runbook: v.optional(v.string()),
    slack: v.optional(slack),
    routing: v.optional(routing),
    heartbeat: v.optional(heartbeat),
    collector: v.optional(v.picklist(COLLECTOR_NAMES)),
    collectSince: v.optional(time),
    loki: LOKI_OPTIONS[profile],
    alertmanager: v.optional(
      options({
        replicas: v.optional(positiveInteger),
        secrets: v.optional(v.array(objectName)),
        basicAuthSecret: v.optional(objectName),
        ...ENTRANCE_OPTIONS,
      }),
    ),
    grafana: v.optional(options({ adminSecret: v.optional(objectName), ...ENTRANCE_OPTIONS })),
    grafanaUrl: v.optional(httpUrl),
    alertmanagerUrl: v.optional(httpUrl),
    imageRegistry: v.optional(imageRegistry),
    images: v.optional(ownImages),
    imagePullSecrets: v.optional(v.array(objectName)),
    priorityClassName: v.optional(objectName),
    storageClassName: v.optional(objectName),
    demo: v.optional(options({ rate: v.optional(positiveInteger), replicas: v.optional(positiveInteger) })),
    networkPolicies: v.optional(v.boolean()),
    monitoring: v.optional(options({ namespace: namespaceName, labels: v.optional(texts) })),
    namespaces: v.optional(namespaces),
    severities: v.optional(v.array(v.string())),
    strict: v.optional(v.boolean()),
  } satisfies Record<keyof LogAlertingProps, v.GenericSchema>);

/** What options have to do with each other; looked at also when others are wrong. */
const schema = (profile: Profile) =>
  v.pipe(
    props(profile),
    v.forward(
      v.partialCheck(
        [['collector'], ['tenants']],
        ({ collector, tenants }) => collector !== 'alloy' || tenants === undefined,
        "are not known to the experimental collector 'alloy': write another collector, or leave them out",
      ),
      ['tenants'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['demo'], ['namespaces'], ['tenants']],
        ({ tenants = {}, ...props }) => {
          const own: string[] = Object.values(namespacesOf(props));
          return !Object.values(tenants).some((tenant) => tenant.namespaces.some((name) => own.includes(name)));
        },
        "take a namespace of the stack, whose own rules would then see nothing of it: leave it to the stack's own tenant",
      ),
      ['tenants'],
    ),
    v.forward(
      v.partialCheck(
        [['collector'], ['collectSince']],
        ({ collector, collectSince }) => collectSince === undefined || collector === 'opentelemetry',
        "is known to no other collector than collector: 'opentelemetry': write that, or leave it out",
      ),
      ['collectSince'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['demo'], ['slack'], ['routing']],
        (props) => hasDemo(props) || props.slack !== undefined || props.routing?.config !== undefined,
        'is missing: without the demo there is no slack-inbox to take the messages; give slack: { webhookSecret }',
      ),
      ['slack'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['grafana']],
        ({ profile = 'demo', grafana }) => profile === 'demo' || grafana?.adminSecret !== undefined,
        'leaves no way into Grafana: only that of the demo is open to everybody; give grafana: { adminSecret }',
      ),
      ['grafana'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['grafana']],
        ({ profile = 'demo', grafana }) =>
          profile !== 'demo' || entranceHosts(grafana).length === 0 || grafana?.adminSecret !== undefined,
        'lets everybody outside the cluster in: give grafana: { adminSecret } too',
      ),
      ['grafana'],
    ),
    v.forward(
      v.partialCheck(
        [['alertmanager']],
        ({ alertmanager }) => entranceHosts(alertmanager).length === 0 || alertmanager?.basicAuthSecret !== undefined,
        'lets everybody outside the cluster silence alerts: give alertmanager: { basicAuthSecret } too',
      ),
      ['alertmanager'],
    ),
    v.forward(
      v.partialCheck(
        [['alertmanager'], ['grafana']],
        ({ alertmanager, grafana }) =>
          entranceHosts(alertmanager).every((host) => !entranceHosts(grafana).includes(host)),
        'is opened at the host of Grafana: write one of its own, as in alertmanager.example.com',
      ),
      ['alertmanager'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['demo'], ['namespaces']],
        (props) => {
          const names = Object.values(namespacesOf(props));
          return new Set(names).size === names.length;
        },
        'gives two parts one namespace, but each enforces a Pod Security level of its own: write two names',
      ),
      ['namespaces'],
    ),
  );

/** All that is wrong with the options of the product; the types say the same, but `cdk8s synth` does not check types. */
export function checkLogAlertingOptions(value: unknown): Finding[] {
  return checkOptions(schema(profileOf(value)), value);
}

/** One of any other name is told by the schema of the default. */
function profileOf(value: unknown): Profile {
  const given = typeof value === 'object' && value !== null && 'profile' in value ? value.profile : undefined;
  return PROFILES.find((profile) => profile === given) ?? 'demo';
}
