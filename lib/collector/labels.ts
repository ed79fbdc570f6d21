/** Labels of every stream, whichever collector runs; `stream` is stdout or stderr. */
export const COLLECTOR_LABELS = ['namespace', 'app', 'pod', 'container', 'node_name', 'job', 'stream'] as const;

/** The name of a ReplicaSet is its Deployment's and a hash, that of a CronJob's Job ends in its time; the app's is wanted. */
export const CONTROLLER_NAME = '([0-9a-z-.]+?)(-[0-9a-f]{8,10})?';
