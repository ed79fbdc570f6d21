import { CONTROLLER_NAME } from '../labels';
import { podStatements } from '../opentelemetry/labels';

/** Time formats of the Kubernetes API: to the second and to the microsecond, always in UTC. */
const SECONDS = '%Y-%m-%dT%H:%M:%SZ';
const MICROSECONDS = '%Y-%m-%dT%H:%M:%S.%fZ';

/** Kinds of workloads, whose name is the app of pods without a label for it. */
const WORKLOADS = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

/** End of the names that a workload gives its pods; the letters are those that Kubernetes generates names from. */
const POD_SUFFIX = '(-[bcdfghjklmnpqrstvwxz2456789]{5}|-[0-9]+)';

/** OTTL path of the object that a record is made from. */
const OBJECT = 'log.cache["object"]';

/** Number of containers of a pod that are looked at, in the order of its status. */
const CONTAINERS = 4;

/**
 * OTTL statements that turn an event of the API into a log record, which is the same each time the event is read: Loki
 * then drops it as a duplicate.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */
export const EVENT_STATEMENTS: readonly string[] = [
  ...objectStatements(),
  // The last assignment wins: an event that is repeated keeps its first time, and has that of the repetition elsewhere.
  time('metadata.creationTimestamp', SECONDS),
  time('firstTimestamp', SECONDS),
  time('eventTime', MICROSECONDS),
  time('lastTimestamp', SECONDS),
  time('series.lastObservedTime', MICROSECONDS),
  field('namespace', 'involvedObject.namespace'),
  field('kind', 'involvedObject.kind'),
  field('name', 'involvedObject.name'),
  field('reason', 'reason'),
  field('type', 'type'),
  field('node_name', 'source.host'),
  `set(log.attributes["node_name"], log.attributes["name"]) where log.attributes["kind"] == "Node"`,
  `merge_maps(log.attributes, ExtractPatterns(${object('involvedObject.fieldPath')}, "{(?P<container>[^{}]+)}$$"), "insert") where ${isText('involvedObject.fieldPath')}`,
  // For objects other than pods, and for pods that are already deleted.
  `set(log.attributes["app"], log.attributes["name"]) where log.attributes["kind"] == "Pod" or ${isOneOf('kind', WORKLOADS)}`,
  `replace_pattern(log.attributes["app"], "${POD_SUFFIX}$$", "") where log.attributes["kind"] == "Pod"`,
  `replace_pattern(log.attributes["app"], "^${CONTROLLER_NAME}$$", "$$1") where log.attributes["app"] != nil`,
  `set(log.severity_number, SEVERITY_NUMBER_INFO) where log.attributes["type"] == "Normal"`,
  `set(log.severity_number, SEVERITY_NUMBER_WARN) where log.attributes["type"] == "Warning"`,
  'set(log.cache["message"], "")',
  `set(log.cache["message"], ${object('message')}) where ${isText('message')}`,
  // The API keeps repetitions as a count.
  `set(log.cache["message"], Concat([log.cache["message"], " (x", String(${object('count')}), ")"], "")) where ${object('count')} != nil and ${object('count')} > 1`,
  `set(log.cache["message"], Concat([log.cache["message"], " (x", String(${object('series.count')}), ")"], "")) where IsMap(${object('series')})`,
  ...lineStatements(),
];

/** Returns the statements for a container of a pod, by its place in the status, that ran out of memory. */
export function outOfMemoryStatements(index: number): string[] {
  const statuses = object('status.containerStatuses');
  const status = `${statuses}[${index}]`;
  const terminated = (state: string) =>
    `set(log.cache["end"], ${status}["${state}"]["terminated"]) where IsList(${statuses}) and Len(${statuses}) > ${index} and IsMap(${status}["${state}"]) and IsMap(${status}["${state}"]["terminated"]) and ${status}["${state}"]["terminated"]["reason"] == "OOMKilled"`;
  const isEnded = 'IsMap(log.cache["end"])';
  const ended = `where ${isEnded}`;
  return [
    ...objectStatements(),
    terminated('lastState'),
    // Of a container that has not started again yet.
    terminated('state'),
    `set(log.time, Time(log.cache["end"]["finishedAt"], "${SECONDS}")) ${ended}`,
    // The processor of pod attributes may receive the pod later than the watch does.
    ...podStatements(OBJECT, isEnded),
    `set(log.attributes["namespace"], ${object('metadata.namespace')}) ${ended}`,
    `set(log.attributes["kind"], "Pod") ${ended}`,
    `set(log.attributes["name"], ${object('metadata.name')}) ${ended}`,
    `set(log.attributes["container"], ${status}["name"]) ${ended}`,
    `set(log.attributes["node_name"], ${object('spec.nodeName')}) ${ended}`,
    `set(log.attributes["reason"], "OOMKilled") ${ended}`,
    `set(log.attributes["type"], "Warning") ${ended}`,
    `set(log.severity_number, SEVERITY_NUMBER_WARN) ${ended}`,
    `set(log.cache["message"], Concat(["Container", log.attributes["container"], "ran out of memory and was killed"], " ")) ${ended}`,
    ...lineStatements(ended),
  ];
}

/** The places of the containers that are looked at. */
export const CONTAINER_PLACES = Array.from({ length: CONTAINERS }, (_, index) => index);

/** A watch reports an object with the kind of its change; a list only has the object. */
function objectStatements(): string[] {
  return [
    `set(${OBJECT}, log.body["object"]) where IsMap(log.body["object"])`,
    `set(log.attributes["listed"], true) where ${OBJECT} == nil`,
    `set(${OBJECT}, log.body) where ${OBJECT} == nil`,
  ];
}

/** The line of an event: its reason and object, and the message. */
function lineStatements(where = ''): string[] {
  return [
    // The processor of pod attributes finds the pod by this attribute and the namespace.
    'set(log.attributes["k8s.pod.name"], log.attributes["name"]) where log.attributes["kind"] == "Pod"',
    'set(log.attributes["k8s.namespace.name"], log.attributes["namespace"]) where log.attributes["kind"] == "Pod"',
    'set(log.attributes["pod"], log.attributes["name"]) where log.attributes["kind"] == "Pod"',
    `set(log.cache["place"], log.attributes["name"]) ${where}`.trim(),
    'set(log.cache["place"], Concat([log.attributes["namespace"], log.attributes["name"]], "/")) where log.attributes["namespace"] != nil',
    `set(log.body, Concat([log.attributes["reason"], log.attributes["kind"], Concat([log.cache["place"], ":"], ""), log.cache["message"]], " ")) ${where}`.trim(),
    // Some events have no message.
    'replace_pattern(log.body, ": $$", "") where IsString(log.body)',
  ];
}

function time(path: string, format: string): string {
  return `set(log.time, Time(${object(path)}, "${format}")) where ${isText(path)}`;
}

function field(name: string, path: string): string {
  return `set(log.attributes["${name}"], ${object(path)}) where ${isText(path)} and ${object(path)} != ""`;
}

function isOneOf(name: string, values: readonly string[]): string {
  return `(${values.map((value) => `log.attributes["${name}"] == "${value}"`).join(' or ')})`;
}

/** Returns the condition that a field of the object is a text; the objects that contain it may be missing too. */
function isText(path: string): string {
  const parts = path.split('.');
  const parents = parts.slice(0, -1).map((_, index) => `IsMap(${object(parts.slice(0, index + 1).join('.'))})`);
  return [...parents, `IsString(${object(path)})`].join(' and ');
}

/** Returns the OTTL path of a field of the object. */
function object(path: string): string {
  return `${OBJECT}${path
    .split('.')
    .map((part) => `["${part}"]`)
    .join('')}`;
}
