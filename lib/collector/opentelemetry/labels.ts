import { ANNOTATIONS, EVENT_LEVEL, type EventLog, OMITTED_LABEL } from '../event-log';
import { CONTROLLER_NAME, collectorLabels } from '../labels';

/** Kinds of a pod's controller. */
const WORKLOAD_KINDS = ['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'];

const controllerOf = (kind: string) => `k8s.${kind.toLowerCase()}.name`;

/** Attributes with the name of a pod's controller; each comes from the pod's own metadata. */
const CONTROLLERS = WORKLOAD_KINDS.map(controllerOf);

/** Attribute with the UID of a pod; without it, the pod is unknown. */
export const UID = 'k8s.pod.uid';

const RECOMMENDED_LABEL = 'label.name';
const RECOMMENDED_KEY = 'app.kubernetes.io/name';
const APP_LABEL = 'label.app';
const APP_KEY = 'app';
const STATIC = 'annotation.config-hash';
const STATIC_KEY = 'kubernetes.io/config.hash';
const CONTROLLER = 'controller';

export interface LabelProps {
  /** Environment variable with the name of the node. */
  readonly nodeNameVariable: string;
  /** Value of the label `cluster`. @default no such label */
  readonly cluster?: string;
  /** Stream of Alertmanager's events. @default none, it records none */
  readonly eventLog?: EventLog;
  /** Further OTTL statements for log records. @default none */
  readonly statements?: readonly string[];
}

/**
 * Returns the processors that set the labels of a stream from the path of its file and the Kubernetes API.
 * `k8s_attributes` only requests the pods of its node.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/processor/k8sattributesprocessor
 */
export function labelProcessors({ nodeNameVariable, cluster, eventLog, statements = [] }: LabelProps) {
  const ofEvents = eventLog && eventStatements(eventLog);
  return {
    k8s_attributes: podAttributes({ filter: { node_from_env_var: nodeNameVariable } }),
    transform: {
      // One bad line must not block the others.
      error_mode: 'ignore',
      log_statements: [
        {
          context: 'resource',
          statements: [...resourceStatements(nodeNameVariable, cluster), ...(ofEvents?.resource ?? [])],
        },
        // Loki would keep the receiver's name and version with every line: each update would start new series.
        { context: 'scope', statements: ['set(scope.name, "")', 'set(scope.version, "")'] },
        {
          context: 'log',
          statements: [
            // Loki would keep it as structured metadata, and every line would be a series of its own.
            'set(log.observed_time_unix_nano, 0)',
            'keep_keys(log.attributes, [])',
            ...(ofEvents?.log ?? []),
            ...statements,
          ],
        },
      ],
    },
  };
}

/**
 * Returns the settings of `k8s_attributes`, which finds a pod by its namespace and name and adds what its app is derived
 * from.
 * @param options.metadata further attributes of the pod
 */
export function podAttributes({ filter, metadata = [] }: { readonly filter?: object; readonly metadata?: string[] }) {
  return {
    auth_type: 'serviceAccount',
    ...(filter ? { filter } : {}),
    // Not by uid: the folder of a static pod has the hash of its manifest instead.
    pod_association: [
      {
        sources: ['k8s.namespace.name', 'k8s.pod.name'].map((name) => ({ from: 'resource_attribute', name })),
      },
    ],
    extract: {
      metadata: [...CONTROLLERS, ...metadata],
      labels: [
        { tag_name: RECOMMENDED_LABEL, key: RECOMMENDED_KEY },
        { tag_name: APP_LABEL, key: APP_KEY },
      ],
      annotations: [{ tag_name: STATIC, key: STATIC_KEY }],
    },
    // A line that is processed before its pod is known would get wrong labels. On timeout, Kubernetes restarts the
    // collector.
    wait_for_metadata: true,
    wait_for_metadata_timeout: '30s',
  };
}

/** Attributes that `podStatements` sets. */
export const POD_ATTRIBUTES: readonly string[] = [UID, ...CONTROLLERS, RECOMMENDED_LABEL, APP_LABEL, STATIC];

/**
 * Returns OTTL statements that set the attributes of a log record to those that `k8s_attributes` would add to its resource,
 * from the pod itself.
 * @param pod expression for the pod, an object of the Kubernetes API
 * @param where condition
 */
export function podStatements(pod: string, where: string): string[] {
  const metadata = `${pod}["metadata"]`;
  const set = (name: string, value: string, condition: string) =>
    `set(log.attributes["${name}"], ${value}) where ${where} and ${condition}`;
  const entry = (name: string, kind: string, key: string) => {
    const entries = `${metadata}["${kind}"]`;
    return set(name, `${entries}["${key}"]`, `IsMap(${entries}) and IsString(${entries}["${key}"])`);
  };
  const owners = `${metadata}["ownerReferences"]`;
  return [
    set(UID, `${metadata}["uid"]`, `IsString(${metadata}["uid"])`),
    ...WORKLOAD_KINDS.map((kind) =>
      set(
        controllerOf(kind),
        `${owners}[0]["name"]`,
        `IsList(${owners}) and Len(${owners}) > 0 and ${owners}[0]["kind"] == "${kind}"`,
      ),
    ),
    entry(RECOMMENDED_LABEL, 'labels', RECOMMENDED_KEY),
    entry(APP_LABEL, 'labels', APP_KEY),
    entry(STATIC, 'annotations', STATIC_KEY),
  ];
}

/** Returns OTTL statements; the last assignment wins. */
function resourceStatements(nodeNameVariable: string, cluster?: string): string[] {
  const node = `"\${env:${nodeNameVariable}}"`;
  return [
    `set(${attribute('node_name')}, ${node})`,
    ...appStatements(node),
    `set(${attribute('job')}, Concat([${attribute('namespace')}, ${attribute('app')}], "/"))`,
    ...(cluster === undefined ? [] : [`set(${attribute('cluster')}, "${cluster}")`]),
    `keep_keys(resource.attributes, [${collectorLabels(cluster)
      .map((name) => `"${name}"`)
      .join(', ')}])`,
  ];
}

/** Returns OTTL statements for Alertmanager's events, without annotations. */
function eventStatements({ namespace, app }: EventLog) {
  const labels = Object.entries({ namespace, app, stream: 'stdout' });
  const where = labels.map(([name, value]) => `${attribute(name)} == ${JSON.stringify(value)}`).join(' and ');
  const [pattern, replacement] = [ANNOTATIONS, '"annotations":{}'].map((text) => JSON.stringify(text));
  return {
    resource: [`delete_key(resource.attributes, "${OMITTED_LABEL}") where ${where}`],
    log: [
      `replace_pattern(log.body, ${pattern}, ${replacement}) where ${where}`,
      `set(log.attributes["detected_level"], "${EVENT_LEVEL}") where ${where}`,
    ],
  };
}

/**
 * Returns OTTL statements that set the attribute `app` of a pod with the attributes of `podAttributes` and `pod`, its
 * name.
 * @param node expression for the name of its node
 */
export function appStatements(node: string): string[] {
  const present = (name: string) => `${attribute(name)} != nil and ${attribute(name)} != ""`;
  const set = (name: string, from: string) => `set(${attribute(name)}, ${attribute(from)}) where ${present(from)}`;
  return [
    ...CONTROLLERS.map((name) => set(CONTROLLER, name)),
    // The controller of a static pod is the node.
    `set(${attribute(CONTROLLER)}, ${node}) where ${present(STATIC)}`,
    `replace_pattern(${attribute(CONTROLLER)}, "^${CONTROLLER_NAME}$$", "$$1") where ${present(CONTROLLER)}`,
    ...['pod', CONTROLLER, APP_LABEL, RECOMMENDED_LABEL].map((name) => set('app', name)),
  ];
}

/** Returns the OTTL path of an attribute of the resource. */
export function attribute(name: string): string {
  return `resource.attributes["${name}"]`;
}
