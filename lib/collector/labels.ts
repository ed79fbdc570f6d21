/** Labels of every stream, with either collector; `stream` is stdout or stderr. */
export const COLLECTOR_LABELS = ['namespace', 'app', 'pod', 'container', 'node_name', 'job', 'stream'] as const;

/** Label of every stream with the option `cluster`. */
export const CLUSTER_LABEL = 'cluster';

/** Returns the labels of every stream of a stack. @param cluster its name @default no label `cluster` */
export function collectorLabels(cluster?: string): readonly string[] {
  return cluster === undefined ? COLLECTOR_LABELS : [...COLLECTOR_LABELS, CLUSTER_LABEL];
}

/** Matches the app in a controller's name: a ReplicaSet's name ends in a hash, that of a CronJob's Job in its time. */
export const CONTROLLER_NAME = '([0-9a-z-.]+?)(-[0-9a-f]{8,10})?';
