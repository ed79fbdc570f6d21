/** Labels of every stream, with either collector; `stream` is stdout or stderr. */
export const COLLECTOR_LABELS = ['namespace', 'app', 'pod', 'container', 'node_name', 'job', 'stream'] as const;

/** Matches the app in a controller's name: a ReplicaSet's name ends in a hash, that of a CronJob's Job in its time. */
export const CONTROLLER_NAME = '([0-9a-z-.]+?)(-[0-9a-f]{8,10})?';
