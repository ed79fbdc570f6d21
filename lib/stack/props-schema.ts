import * as v from 'valibot';
import { COLLECTOR_NAMES, type CollectorName } from '../collector/collectors';
import type { CollectorHostOptions } from '../collector/host-folders';
import { collectorPipeline } from '../collector/pipeline/schema';
import type { RateAlert } from '../grafana/dashboard';
import { EXPOSURE_OPTIONS } from '../kubernetes/exposure-schema';
import type { ExternalLokiOptions } from '../loki/external';
import type { LokiOptions } from '../loki/props';
import { ruleFiles } from '../rules/rule-files-schema';
import type { Flat } from '../validate/schema-of';
import {
  entriesOf,
  httpUrl,
  namespaceName,
  objectName,
  optionsOf,
  portNumber,
  positiveInteger,
  schemaAs,
  wrong,
} from '../validate/validate';
import { imageRegistry, ownImages } from './images-schema';
import { distributedLoki, externalLoki, singleLoki } from './loki-schema';
import { pods } from './pods-schema';
import { PROFILES, type Profile } from './profiles';
import type {
  AlertmanagerOptions,
  DemoLogAlertingProps,
  DistributedLogAlertingProps,
  ExternalLogAlertingProps,
  GrafanaOptions,
  MonitoringProps,
  ProtectedGrafanaOptions,
  SharedLogAlertingProps,
  SingleLogAlertingProps,
} from './props';
import { heartbeat, routing, slack } from './routing-schema';
import { tenants } from './tenants-schema';

/** RFC 3339 with a time zone, so that it means the same everywhere. */
const time = v.pipe(
  v.string(),
  v.check(
    (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
    wrong('is not a valid time', 'use RFC 3339, e.g. 2026-12-01T10:00:00Z'),
  ),
);

/** A value of a label, in Loki, in Alertmanager's routes, and in the texts of messages. */
const clusterName = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    wrong(
      'is not a valid name of a cluster',
      'use up to 63 of a-z, A-Z, 0-9, -, _ and ., starting and ending with a letter or digit',
    ),
  ),
);

const texts = v.record(v.string(), v.string());

const namespaces = optionsOf<NonNullable<SharedLogAlertingProps['namespaces']>>()({
  logging: v.optional(namespaceName),
  logCollector: v.optional(namespaceName),
  demo: v.optional(namespaceName),
});

const collectorHost = optionsOf<CollectorHostOptions>()({
  dockerLogs: v.optional(v.boolean()),
  positions: v.optional(v.picklist(['host', 'emptyDir'])),
});

const alertmanager = optionsOf<AlertmanagerOptions>()({
  replicas: v.optional(positiveInteger),
  secrets: v.optional(v.array(objectName)),
  basicAuthSecret: v.optional(objectName),
  eventRecorder: v.optional(v.boolean()),
  ...EXPOSURE_OPTIONS,
});

const rateAlert = optionsOf<RateAlert>()({
  name: v.string(),
  rate: schemaAs<RateAlert['rate']>(v.function()),
  threshold: v.number(),
});

const kubernetesApiPorts = v.pipe(
  v.array(portNumber),
  v.nonEmpty(
    wrong('is empty, so the log collector cannot reach the Kubernetes API', 'add a port, or remove the option'),
  ),
  v.check((ports) => new Set(ports).size === ports.length, wrong('has a duplicate port', 'remove one of the two')),
);

/** Options of every profile. */
const shared = entriesOf<SharedLogAlertingProps>()({
  rules: ruleFiles,
  tenants: v.optional(tenants),
  rateAlert: v.optional(rateAlert),
  runbook: v.optional(v.string()),
  slack: v.optional(slack),
  routing: v.optional(routing),
  heartbeat: v.optional(heartbeat),
  collector: v.optional(v.picklist(COLLECTOR_NAMES)),
  collectFrom: v.optional(time),
  collectorHost: v.optional(collectorHost),
  collectorPipeline: v.optional(collectorPipeline),
  cluster: v.optional(clusterName),
  journald: v.optional(v.boolean()),
  kubernetesEvents: v.optional(v.boolean()),
  alertmanager: v.optional(alertmanager),
  grafanaUrl: v.optional(httpUrl),
  alertmanagerUrl: v.optional(httpUrl),
  imageRegistry: v.optional(imageRegistry),
  images: v.optional(ownImages),
  imagePullSecrets: v.optional(v.array(objectName)),
  priorityClassName: v.optional(objectName),
  pods: v.optional(pods),
  storageClassName: v.optional(objectName),
  demo: v.optional(
    optionsOf<NonNullable<SharedLogAlertingProps['demo']>>()({
      rate: v.optional(positiveInteger),
      replicas: v.optional(positiveInteger),
    }),
  ),
  networkPolicies: v.optional(v.boolean()),
  kubernetesApiPorts: v.optional(kubernetesApiPorts),
  monitoring: v.optional(
    optionsOf<MonitoringProps>()({
      namespace: namespaceName,
      labels: v.optional(texts),
      prometheusUrl: v.optional(httpUrl),
    }),
  ),
  namespaces: v.optional(namespaces),
  severities: v.optional(v.array(v.string())),
  strict: v.optional(v.boolean()),
});

/** All profiles in each schema, so that the error for an invalid one lists them all. */
const profile = v.optional(v.picklist(PROFILES));

/** `validate-props.ts` requires the password, with the reason. */
const grafana = v.optional(optionsOf<GrafanaOptions>()({ adminSecret: v.optional(objectName), ...EXPOSURE_OPTIONS }));

/** One schema per profile, because they differ in the options of Loki. */
export const PROPS_SCHEMAS = {
  demo: optionsOf<DemoLogAlertingProps>()({
    profile: schemaAs<'demo' | undefined>(profile),
    loki: singleLoki,
    grafana,
    ...shared,
  }),
  single: optionsOf<SingleLogAlertingProps>()({
    profile: schemaAs<'single'>(profile),
    loki: singleLoki,
    grafana: schemaAs<ProtectedGrafanaOptions>(grafana),
    ...shared,
  }),
  distributed: optionsOf<DistributedLogAlertingProps>()({
    profile: schemaAs<'distributed'>(profile),
    loki: distributedLoki,
    grafana: schemaAs<ProtectedGrafanaOptions>(grafana),
    ...shared,
  }),
  external: optionsOf<ExternalLogAlertingProps>()({
    profile: schemaAs<'external' | undefined>(profile),
    loki: externalLoki,
    grafana: schemaAs<ProtectedGrafanaOptions>(grafana),
    ...shared,
    collector: v.optional(v.union([v.picklist(COLLECTOR_NAMES), v.literal(false)])),
  }),
} satisfies Record<Profile, v.GenericSchema>;

/** Type of the options of any profile. */
export type CommonProps = Flat<
  Omit<SharedLogAlertingProps, 'collector'> & {
    readonly profile?: Profile;
    readonly loki?: LokiOptions | ExternalLokiOptions;
    readonly collector?: CollectorName | false;
    readonly grafana?: GrafanaOptions;
  }
>;
