import * as v from 'valibot';
import { collectorOf } from './collector/collectors';
import type { Finding } from './findings';
import { type EntranceOptions, entranceHosts } from './kubernetes/entrance';
import { type CommonProps, PROPS_SCHEMAS } from './log-alerting-schema';
import { namespacesOf } from './namespaces';
import { checkOptions, schemaAs, wrong } from './options';
import { checkPods } from './pods-options';
import { hasDemo, PROFILES, type Profile } from './profiles';

/** What options have to do with each other; looked at also when others are wrong. */
const schema = (profile: Profile) =>
  v.pipe(
    schemaAs<CommonProps>(PROPS_SCHEMAS[profile]),
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
        [['profile'], ['collector'], ['collectSince']],
        ({ collectSince, ...props }) => collectSince === undefined || collectorOf(props) === 'opentelemetry',
        wrong("is only supported by the collector 'opentelemetry'", 'use that, or remove the option'),
      ),
      ['collectSince'],
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
          profile !== 'demo' || entranceHosts(grafana).length === 0 || grafana?.adminSecret !== undefined,
        wrong('is open to everybody outside the cluster', 'set grafana: { adminSecret } too'),
      ),
      ['grafana'],
    ),
    v.forward(
      v.partialCheck(
        [['alertmanager']],
        ({ alertmanager }) => entranceHosts(alertmanager).length === 0 || alertmanager?.basicAuthSecret !== undefined,
        wrong('lets everybody outside the cluster silence alerts', 'set alertmanager: { basicAuthSecret } too'),
      ),
      ['alertmanager'],
    ),
    v.forward(
      v.partialCheck(
        [['alertmanager'], ['grafana']],
        ({ alertmanager, grafana }) =>
          entranceHosts(alertmanager).every((host) => !entranceHosts(grafana).includes(host)),
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
        ({ grafanaUrl, grafana }) => !isBelowEntrance(grafanaUrl, grafana),
        BELOW_ENTRANCE,
      ),
      ['grafanaUrl'],
    ),
    v.forward(
      v.partialCheck(
        [['alertmanagerUrl'], ['alertmanager']],
        ({ alertmanagerUrl, alertmanager }) => !isBelowEntrance(alertmanagerUrl, alertmanager),
        BELOW_ENTRANCE,
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

const BELOW_ENTRANCE = wrong(
  'has a path, but ingress and gateway lead to all paths of their host as they are',
  'leave the path out, or put a proxy of your own there that takes it off',
);

/** Whether people are sent to a path of a host whose Ingress or Gateway takes none off. */
function isBelowEntrance(url: string | undefined, options: EntranceOptions | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { hostname, pathname } = new URL(url);
  return pathname !== '/' && entranceHosts(options).includes(hostname);
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
