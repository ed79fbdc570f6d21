/** Value of the stream label `stream` of Kubernetes events: their only label, next to stdout and stderr of containers. */
export const KUBERNETES_EVENTS = 'kubernetes-events';

/**
 * Selector of Kubernetes events. They have neither `namespace` and `app` nor `job` as stream labels, so that rules on the
 * logs of an app don't count the events about it.
 */
export const EVENT_LINES = `{stream="${KUBERNETES_EVENTS}"}`;

/** Fields of an event in Loki, as structured metadata. Those of pods have the names of the labels of their logs. */
export const EVENT_FIELDS = [
  'namespace',
  'app',
  'pod',
  'container',
  'node_name',
  'kind',
  'name',
  'reason',
  'type',
] as const;
