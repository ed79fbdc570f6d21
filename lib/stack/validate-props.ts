import * as v from 'valibot';
import type { Finding, Path } from '../checks/findings';
import { type ExposureOptions, exposedHosts } from '../kubernetes/exposure';
import { validPart } from '../validate/valid-part';
import { checkOptions, schemaAs, wrong } from '../validate/validate';
import { checkExternalOptions } from './check-external-options';
import { namespacesOf } from './namespaces';
import { checkPods } from './pods-schema';
import { collectorOf, hasCollector, hasDemo, PROFILES, type Profile, profileOf } from './profiles';
import type { LogAlertingProps } from './props';
import { type CommonProps, PROPS_SCHEMAS } from './props-schema';

/** Rules between options, which are checked even if other options are invalid. */
const schema = (profile: Profile) =>
  v.pipe(
    schemaAs<CommonProps>(PROPS_SCHEMAS[profile]),
    v.forward(
      v.partialCheck(
        [['profile'], ['loki'], ['demo'], ['namespaces'], ['tenants']],
        ({ tenants = {}, ...props }) => {
          const own: string[] = Object.values(namespacesOf(props));
          return !Object.values(tenants).some((tenant) => tenant.namespaces.some((name) => own.includes(name)));
        },
        wrong(
          "contains a namespace of the stack, so the stack's own rules would miss its logs",
          "remove it, so that it stays with the stack's own tenant",
        ),
      ),
      ['tenants'],
    ),
    v.forward(
      v.partialCheck(
        [['networkPolicies'], ['kubernetesApiPorts']],
        ({ networkPolicies, kubernetesApiPorts }) => networkPolicies !== false || kubernetesApiPorts === undefined,
        wrong('has no effect together with networkPolicies: false', 'remove one of the two'),
      ),
      ['kubernetesApiPorts'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['loki'], ['collector'], ['collectFrom']],
        ({ collectFrom, ...props }) =>
          collectFrom === undefined || !hasCollector(props) || collectorOf(props) === 'opentelemetry',
        wrong(
          "is only supported by the collector 'opentelemetry'",
          "set collector: 'opentelemetry', or remove the option",
        ),
      ),
      ['collectFrom'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['loki'], ['collector'], ['journald']],
        ({ journald, ...props }) => !journald || !hasCollector(props) || collectorOf(props) === 'promtail',
        wrong(
          "is only supported by the collector 'promtail', since the image of the OpenTelemetry Collector has no journalctl",
          "set collector: 'promtail', or remove the option and run a collector of your own for the journal",
        ),
      ),
      ['journald'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['loki'], ['demo'], ['slack'], ['routing']],
        (props) => hasDemo(props) || props.slack !== undefined || props.routing?.config !== undefined,
        wrong(
          'is missing: without the demo, there is no slack-inbox to receive notifications',
          'set slack: { webhookSecret } or slack: { tokenSecret, channel }',
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
        [['profile'], ['loki'], ['grafana']],
        ({ grafana, ...options }) => profileOf(options) === 'demo' || grafana?.adminSecret !== undefined,
        wrong("lacks adminSecret: only the demo's Grafana allows anonymous access", 'set grafana: { adminSecret }'),
      ),
      ['grafana'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['loki'], ['grafana']],
        ({ grafana, ...options }) =>
          profileOf(options) !== 'demo' || exposedHosts(grafana).length === 0 || grafana?.adminSecret !== undefined,
        wrong('allows anonymous access from outside the cluster', 'set grafana: { adminSecret } too'),
      ),
      ['grafana'],
    ),
    v.forward(
      v.partialCheck(
        [['alertmanager']],
        ({ alertmanager }) => exposedHosts(alertmanager).length === 0 || alertmanager?.basicAuthSecret !== undefined,
        wrong('allows anyone outside the cluster to silence alerts', 'set alertmanager: { basicAuthSecret } too'),
      ),
      ['alertmanager'],
    ),
    v.forward(
      v.partialCheck(
        [['alertmanager'], ['grafana']],
        ({ alertmanager, grafana }) =>
          exposedHosts(alertmanager).every((host) => !exposedHosts(grafana).includes(host)),
        wrong('has the same host as Grafana', 'use a different host, e.g. alertmanager.example.com'),
      ),
      ['alertmanager'],
    ),
    v.forward(
      v.partialCheck(
        [['profile'], ['loki'], ['demo'], ['namespaces']],
        (props) => hasDemo(props) || props.namespaces?.demo === undefined,
        wrong('sets the namespace of the demo, which is not enabled', 'remove it, or set the option demo'),
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
        [['profile'], ['loki'], ['demo'], ['namespaces']],
        (props) => {
          const names = Object.values(namespacesOf(props));
          return new Set(names).size === names.length;
        },
        wrong('has the same name for two parts, which need different Pod Security levels', 'use different names'),
      ),
      ['namespaces'],
    ),
  );

const BELOW_EXPOSED_HOST = wrong(
  'has a path, but ingress and gateway do not remove paths',
  'remove the path, or use a proxy of your own that removes it',
);

/** Returns whether a URL has a path below a host of an Ingress or Gateway, neither of which removes paths. */
function isBelowExposedHost(url: string | undefined, options: ExposureOptions | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { hostname, pathname } = new URL(url);
  return pathname !== '/' && exposedHosts(options).includes(hostname);
}

/** Checks the options of a stack. Repeats what the types require, because `cdk8s synth` does not check types. */
export function checkLogAlertingOptions(value: unknown): Finding[] {
  return [...checkOptions(schemaOf(value), value), ...checkPods(value), ...checkExternalOptions(value)];
}

/** Result of the check of options. */
export interface ValidatedOptions {
  readonly findings: readonly Finding[];
  /** The valid options, for further checks; undefined if there are none. */
  readonly valid?: LogAlertingProps;
  /** Paths of the invalid options. */
  readonly leftOut: readonly Path[];
}

/** Checks the options of a stack, and returns the valid ones. */
export function readOptions(value: LogAlertingProps): ValidatedOptions {
  const findings = checkLogAlertingOptions(value);
  if (findings.length === 0) return { findings, valid: value, leftOut: [] };
  const part = validPart(schemaOf(value), value);
  const { leftOut } = part;
  const valid = part.value as Partial<LogAlertingProps> | undefined;
  if (valid === undefined) return { findings, leftOut };
  const tenants = valid.tenants && Object.entries(valid.tenants).filter(([, { rules }]) => rules !== undefined);
  return {
    findings,
    leftOut,
    valid: { rules: [], ...valid, tenants: tenants && Object.fromEntries(tenants) } as unknown as LogAlertingProps,
  };
}

/** The schema of the default profile reports unknown profiles. */
function schemaOf(value: unknown) {
  const { profile: given, loki } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const known = given === undefined ? undefined : (PROFILES.find((profile) => profile === given) ?? 'demo');
  return schema(profileOf({ profile: known, loki: typeof loki === 'object' && loki !== null ? loki : undefined }));
}
