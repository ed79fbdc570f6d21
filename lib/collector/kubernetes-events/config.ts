import type { ClientAuthFiles } from '../../kubernetes/client-auth';
import { OWN_TENANT } from '../../rules/tenant';
import { CLUSTER_LABEL } from '../labels';
import type { TenantNamespaces } from '../node-collector';
import { appStatements, attribute, POD_ATTRIBUTES, podAttributes, UID } from '../opentelemetry/labels';
import { authenticatorOf, lokiExporter, ownTelemetry } from '../opentelemetry/loki-exporter';
import { CONTAINER_PLACES, EVENT_STATEMENTS, outOfMemoryStatements } from './events';
import { EVENT_FIELDS, KUBERNETES_EVENTS } from './fields';

export interface KubernetesEventsConfigProps {
  /** Base URL of Loki. */
  readonly lokiUrl: string;
  /** Namespaces of each tenant. @default none */
  readonly tenants?: TenantNamespaces;
  /** Tenant of all other namespaces. @default 'fake' with `tenants`, otherwise none: requests have no tenant header */
  readonly tenant?: string;
  /** Files with credentials for Loki. @default none */
  readonly auth?: ClientAuthFiles;
  /** Value of the label `cluster`. @default no such label */
  readonly cluster?: string;
  /** TCP port of the collector's metrics. */
  readonly httpPort: number;
  /** TCP port of the health check. */
  readonly healthPort: number;
}

/** Only the first list matters, at the start; the receiver has no other way to read what was before the watch. */
const LIST_INTERVAL = '24h';

/**
 * Age of the events that are sent after a start: longer than Kubernetes needs to replace the pod, also of a lost node.
 * Loki drops those that it has, as long as they are in the part of the stream that it has not compressed yet, which is
 * about the last 1,000 events.
 */
const CATCH_UP = '5m';

/** Size of the queue in bytes, in memory: about 20,000 events. When it is full, the watch waits. */
const QUEUE_SIZE = 16 * 1024 * 1024;

/**
 * Returns the configuration of the OpenTelemetry Collector that sends Kubernetes events, and the containers that ran out
 * of memory, to Loki's OTLP endpoint. It stores nothing: the same event is always the same record.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/receiver/k8sobjectsreceiver
 */
export function kubernetesEventsConfig(props: KubernetesEventsConfigProps) {
  const authenticator = authenticatorOf(props.auth);
  const destinations = destinationsOf(props);
  const exporter = (tenant?: string) =>
    lokiExporter({ lokiUrl: props.lokiUrl, tenant, auth: props.auth, queueSize: QUEUE_SIZE });
  const sources = [
    { name: 'events', from: 'k8s_objects/events', statements: EVENT_STATEMENTS },
    // Kubernetes has no event for a container that runs out of memory; only the status of its pod says so.
    ...CONTAINER_PLACES.map((place) => ({
      name: `memory-${place}`,
      from: 'forward/memory',
      statements: outOfMemoryStatements(place),
    })),
  ];
  return {
    extensions: {
      health_check: { endpoint: `0.0.0.0:${props.healthPort}` },
      ...authenticator,
    },
    receivers: {
      'k8s_objects/events': objects(WATCHED_EVENTS, { name: 'events', mode: 'pull', interval: LIST_INTERVAL }),
      // Not listed: all pods at once would be most of the memory. A container that ends is several changes of its pod.
      'k8s_objects/pods': objects({ name: 'pods', mode: 'watch' }),
    },
    processors: {
      ...Object.fromEntries(sources.map(({ name, statements }) => [`transform/${name}`, ofLogs(statements)])),
      // One text instead of a copy of each change for each container.
      'filter/memory': filter(['not IsMatch(log.body, "OOMKilled")']),
      'filter/recent': filter([
        'log.attributes["reason"] == nil',
        // A pod has its last end in its status until the next, and each change of the pod reports it again.
        `(log.attributes["listed"] != nil or log.attributes["reason"] == "OOMKilled") and log.time < Now() - Duration("${CATCH_UP}")`,
      ]),
      // A resource of its own for each pod, to which the next one adds attributes.
      groupbyattrs: { keys: ['k8s.namespace.name', 'k8s.pod.name', ...POD_ATTRIBUTES] },
      k8s_attributes: podAttributes({ metadata: ['k8s.node.name', UID] }),
      // The app of a pod that no longer exists is unknown: the record would differ from the one that was sent before.
      'filter/known': filter([
        `log.attributes["listed"] != nil and log.attributes["kind"] == "Pod" and ${attribute(UID)} == nil`,
      ]),
      'transform/fields': fieldStatements(props.cluster),
      ...Object.fromEntries(destinations.map(({ suffix, drop }) => [`filter${suffix}`, filter(drop)])),
    },
    connectors: { forward: {}, 'forward/memory': {}, ...(destinations.length > 0 ? { 'forward/tenants': {} } : {}) },
    exporters: {
      otlp_http: exporter(destinations.length > 0 ? (props.tenant ?? OWN_TENANT) : props.tenant),
      ...Object.fromEntries(
        destinations.flatMap(({ suffix, tenant }) => (tenant ? [[`otlp_http${suffix}`, exporter(tenant)]] : [])),
      ),
    },
    service: {
      extensions: ['health_check', ...Object.keys(authenticator)],
      pipelines: {
        ...Object.fromEntries(
          sources.map(({ name, from }) => [
            `logs/${name}`,
            {
              receivers: [from],
              processors: [`transform/${name}`, 'filter/recent'],
              exporters: ['forward'],
            },
          ]),
        ),
        'logs/pods': {
          receivers: ['k8s_objects/pods'],
          processors: ['filter/memory'],
          exporters: ['forward/memory'],
        },
        logs: {
          receivers: ['forward'],
          processors: ['groupbyattrs', 'k8s_attributes', 'filter/known', 'transform/fields'],
          exporters: [destinations.length > 0 ? 'forward/tenants' : 'otlp_http'],
        },
        ...Object.fromEntries(
          destinations.map(({ suffix, tenant }) => [
            `logs${suffix}`,
            {
              receivers: ['forward/tenants'],
              processors: [`filter${suffix}`],
              exporters: [tenant ? `otlp_http${suffix}` : 'otlp_http'],
            },
          ]),
        ),
      },
      telemetry: ownTelemetry(props.httpPort),
    },
  };
}

/** Kubernetes deletes an event after an hour. */
const WATCHED_EVENTS = { name: 'events', mode: 'watch', exclude_watch_type: ['DELETED'] };

/** Returns the settings of a receiver of objects of the Kubernetes API. */
function objects(...of: readonly object[]) {
  return { auth_type: 'serviceAccount', objects: of };
}

/** Returns statements that set the labels and fields of the records, and nothing else. */
function fieldStatements(cluster?: string) {
  const labels = { stream: KUBERNETES_EVENTS, ...(cluster === undefined ? {} : { [CLUSTER_LABEL]: cluster }) };
  return {
    error_mode: 'ignore',
    log_statements: [
      {
        context: 'resource',
        statements: [
          `set(${attribute('pod')}, ${attribute('k8s.pod.name')}) where ${attribute(UID)} != nil`,
          ...appStatements(attribute('k8s.node.name')),
        ],
      },
      {
        context: 'log',
        statements: [
          `set(log.attributes["app"], ${attribute('app')}) where ${attribute('app')} != nil`,
          `keep_keys(log.attributes, [${EVENT_FIELDS.map((name) => `"${name}"`).join(', ')}])`,
          // Loki would keep it as structured metadata, and each reading of an event would be a record of its own.
          'set(log.observed_time_unix_nano, 0)',
        ],
      },
      { context: 'scope', statements: ['set(scope.name, "")', 'set(scope.version, "")'] },
      {
        context: 'resource',
        statements: [
          ...Object.entries(labels).map(([name, value]) => `set(${attribute(name)}, "${value}")`),
          `keep_keys(resource.attributes, ${JSON.stringify(Object.keys(labels))})`,
        ],
      },
    ],
  };
}

function ofLogs(statements: readonly string[]) {
  return { error_mode: 'ignore', log_statements: [{ context: 'log', statements }] };
}

/** Drops the records for which a condition is true. */
function filter(conditions: readonly string[]) {
  return { error_mode: 'ignore', log_conditions: conditions };
}

/** Records of a tenant, or those of no tenant. */
interface Destination {
  readonly suffix: string;
  /** @default the stack's own */
  readonly tenant?: string;
  /** Conditions of the records that are not its own. */
  readonly drop: readonly string[];
}

/** Returns one destination per tenant, and one for all other namespaces and the nodes; none without tenants. */
function destinationsOf({ tenants }: KubernetesEventsConfigProps): Destination[] {
  if (tenants === undefined) return [];
  const isIn = (namespaces: readonly string[]) =>
    namespaces.map((namespace) => `log.attributes["namespace"] == "${namespace}"`).join(' or ');
  return [
    { suffix: '/own', drop: [isIn(Object.values(tenants).flat())] },
    ...Object.entries(tenants).map(([tenant, namespaces]) => ({
      suffix: `/tenant-${tenant}`,
      tenant,
      drop: [`not (${isIn(namespaces)})`],
    })),
  ];
}
