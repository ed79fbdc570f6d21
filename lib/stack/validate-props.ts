import * as v from 'valibot';
import type { Finding } from '../checks/findings';
import { COLLECTOR_NAMES, collectorOf } from '../collector/collectors';
import { type ExposureOptions, exposedHosts } from '../kubernetes/exposure';
import { EXPOSURE_OPTIONS } from '../kubernetes/exposure-schema';
import {
  checkOptions,
  httpUrl,
  namespaceName,
  objectName,
  options,
  portNumber,
  positiveInteger,
  wrong,
} from '../validate/validate';
import { imageRegistry, ownImages } from './images-schema';
import { LOKI_OPTIONS } from './loki-schema';
import { namespacesOf } from './namespaces';
import { checkPods, pods } from './pods-schema';
import { hasDemo, PROFILES, type Profile } from './profiles';
import type { LogAlertingProps } from './props';
import { heartbeat, routing, slack } from './routing-schema';
import { ruleFiles } from './rule-files-schema';
import { tenants } from './tenants-schema';

/** In RFC 3339, with a zone: what it means must not depend on where it is read. */
const time = v.pipe(
  v.string(),
  v.check(
    (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
    wrong('is not a valid time', 'use RFC 3339, e.g. 2026-12-01T10:00:00Z'),
  ),
);

const texts = v.record(v.string(), v.string());

const namespaces = options({
  logging: v.optional(namespaceName),
  logCollector: v.optional(namespaceName),
  demo: v.optional(namespaceName),
});

/** One schema a profile, because Loki's options are others in each. */
const props = (profile: Profile) =>
  options({
    profile: v.optional(v.picklist(PROFILES)),
    rules: ruleFiles,
    tenants: v.optional(tenants),
    rateAlert: options({ name: v.string(), rate: v.function(), threshold: v.number() }),
    runbook: v.optional(v.string()),
    slack: v.optional(slack),
    routing: v.optional(routing),
    heartbeat: v.optional(heartbeat),
    collector: v.optional(v.picklist(COLLECTOR_NAMES)),
    collectFrom: v.optional(time),
    collectorHost: v.optional(
      options({ dockerLogs: v.optional(v.boolean()), positions: v.optional(v.picklist(['host', 'emptyDir'])) }),
    ),
    loki: LOKI_OPTIONS[profile],
    alertmanager: v.optional(
      options({
        replicas: v.optional(positiveInteger),
        secrets: v.optional(v.array(objectName)),
        basicAuthSecret: v.optional(objectName),
        ...EXPOSURE_OPTIONS,
      }),
    ),
    grafana: v.optional(options({ adminSecret: v.optional(objectName), ...EXPOSURE_OPTIONS })),
    grafanaUrl: v.optional(httpUrl),
    alertmanagerUrl: v.optional(httpUrl),
    imageRegistry: v.optional(imageRegistry),
    images: v.optional(ownImages),
    imagePullSecrets: v.optional(v.array(objectName)),
    priorityClassName: v.optional(objectName),
    pods: v.optional(pods),
    storageClassName: v.optional(objectName),
    demo: v.optional(options({ rate: v.optional(positiveInteger), replicas: v.optional(positiveInteger) })),
    networkPolicies: v.optional(v.boolean()),
    kubernetesApiPorts: v.optional(
      v.pipe(
        v.array(portNumber),
        v.nonEmpty(
          wrong(
            'is empty, so that the log collector could not ask whose logs it reads',
            'name a port, or leave it out',
          ),
        ),
        v.check((ports) => new Set(ports).size === ports.length, 'names a port twice'),
      ),
    ),
    monitoring: v.optional(
      options({ namespace: namespaceName, labels: v.optional(texts), prometheusUrl: v.optional(httpUrl) }),
    ),
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
        [['profile'], ['demo'], ['namespaces'], ['tenants']],
        ({ tenants = {}, ...props }) => {
          const own: string[] = Object.values(namespacesOf(props));
          return !Object.values(tenants).some((tenant) => tenant.namespaces.some((name) => own.includes(name)));
        },
        wrong(
          'take a namespace of the stack, whose own rules would then miss its logs',
          "leave it to the stack's own tenant",
        ),
      ),
      ['tenants'],
    ),
    v.forward(
      v.partialCheck(
        [['networkPolicies'], ['kubernetesApiPorts']],
        ({ networkPolicies, kubernetesApiPorts }) => networkPolicies !== false || kubernetesApiPorts === undefined,
        wrong('has no effect together with networkPolicies: false', 'leave one of the two out'),
      ),
      ['kubernetesApiPorts'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['collector'], ['collectFrom']],
        ({ collectFrom, ...props }) => collectFrom === undefined || collectorOf(props) === 'opentelemetry',
        wrong("is only supported by the collector 'opentelemetry'", 'use that, or remove the option'),
      ),
      ['collectFrom'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['demo'], ['slack'], ['routing']],
        (props) => hasDemo(props) || props.slack !== undefined || props.routing?.config !== undefined,
        wrong(
          'is missing: without the demo there is no slack-inbox to receive the notifications',
          'set slack: { webhookSecret }',
        ),
      ),
      ['slack'],
    ),
    v.forward(
      v.partialCheck(
        [['slack'], ['routing']],
        ({ slack, routing }) => slack === undefined || routing?.config === undefined,
        wrong(
          'has no effect together with routing.config, which has its own receivers',
          'remove it, and add slackReceiver to config and its Secret to alertmanager.secrets',
        ),
      ),
      ['slack'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['grafana']],
        ({ profile = 'demo', grafana }) => profile === 'demo' || grafana?.adminSecret !== undefined,
        wrong(
          'lacks adminSecret: only the Grafana of the demo allows anonymous access',
          'set grafana: { adminSecret }',
        ),
      ),
      ['grafana'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['grafana']],
        ({ profile = 'demo', grafana }) =>
          profile !== 'demo' || exposedHosts(grafana).length === 0 || grafana?.adminSecret !== undefined,
        wrong('is open to everybody outside the cluster', 'set grafana: { adminSecret } too'),
      ),
      ['grafana'],
    ),
    v.forward(
      v.partialCheck(
        [['alertmanager']],
        ({ alertmanager }) => exposedHosts(alertmanager).length === 0 || alertmanager?.basicAuthSecret !== undefined,
        wrong('lets everybody outside the cluster silence alerts', 'set alertmanager: { basicAuthSecret } too'),
      ),
      ['alertmanager'],
    ),
    v.forward(
      v.partialCheck(
        [['alertmanager'], ['grafana']],
        ({ alertmanager, grafana }) =>
          exposedHosts(alertmanager).every((host) => !exposedHosts(grafana).includes(host)),
        wrong('has the host of Grafana', 'use a different host, e.g. alertmanager.example.com'),
      ),
      ['alertmanager'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['demo'], ['namespaces']],
        (props) => hasDemo(props) || props.namespaces?.demo === undefined,
        wrong('has a namespace for the demo, which is not enabled', 'remove it, or set the option demo'),
      ),
      ['namespaces'],
    ),
    v.forward(
      v.partialCheck(
        [['grafanaUrl'], ['grafana']],
        ({ grafanaUrl, grafana }) => !isBelowExposedHost(grafanaUrl, grafana),
        BELOW_EXPOSED_HOST,
      ),
      ['grafanaUrl'],
    ),
    v.forward(
      v.partialCheck(
        [['alertmanagerUrl'], ['alertmanager']],
        ({ alertmanagerUrl, alertmanager }) => !isBelowExposedHost(alertmanagerUrl, alertmanager),
        BELOW_EXPOSED_HOST,
      ),
      ['alertmanagerUrl'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['demo'], ['namespaces']],
        (props) => {
          const names = Object.values(namespacesOf(props));
          return new Set(names).size === names.length;
        },
        wrong('has one namespace for two parts, which need different Pod Security levels', 'use different names'),
      ),
      ['namespaces'],
    ),
  );

const BELOW_EXPOSED_HOST = wrong(
  'has a path, but ingress and gateway lead to all paths of their host as they are',
  'leave the path out, or put a proxy of your own there that takes it off',
);

/** Whether people are sent to a path of a host whose Ingress or Gateway takes none off. */
function isBelowExposedHost(url: string | undefined, options: ExposureOptions | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { hostname, pathname } = new URL(url);
  return pathname !== '/' && exposedHosts(options).includes(hostname);
}

/** All that is wrong with the options of the product; the types say the same, but `cdk8s synth` does not check types. */
export function checkLogAlertingOptions(value: unknown): Finding[] {
  return [...checkOptions(schema(profileOf(value)), value), ...checkPods(value)];
}

/** One of any other name is told by the schema of the default. */
function profileOf(value: unknown): Profile {
  const given = typeof value === 'object' && value !== null && 'profile' in value ? value.profile : undefined;
  return PROFILES.find((profile) => profile === given) ?? 'demo';
}
