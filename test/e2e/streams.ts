import { isDeepStrictEqual } from 'node:util';
import { COLLECTOR_LABELS } from '../../lib/collector/labels';
import type { Stage } from '../../lib/demo-run/stage';
import { LokiClient } from '../../lib/engines';
import { type StackPod, stackPods } from './pods';
import type { Run } from './run';
import { until } from './until';

/** Apps that log when they start; others may not. */
const LOGGING_APPS = ['webservice', 'slack-inbox'];

/** Promtail finds a new pod within seconds, but its first push may have to wait for Loki. */
const ARRIVAL_TIMEOUT_MS = 60_000;

/** Labels except `stream`, which depends on the line. */
const OWN_LABELS = COLLECTOR_LABELS.filter((name) => name !== 'stream')
  .sort()
  .join();

type Labels = Readonly<Record<string, string>>;

/** Returns the exact labels of a pod's streams, without `stream`. */
export function expectedLabels({ namespace, app, name, container, node }: StackPod): Labels {
  return { namespace, app, pod: name, container, node_name: node, job: `${namespace}/${app}` };
}

/**
 * Returns problems of the streams of these pods: a pod without a stream, or a missing, wrong or additional label. For
 * streams of other pods, only label names are checked.
 */
export function streamProblems(pods: readonly StackPod[], streams: readonly Labels[]): string[] {
  const silent = pods
    .filter(({ name }) => !streams.some(({ pod }) => pod === name))
    .map(({ namespace, name }) => `${namespace}/${name} has no stream`);
  const wrong = streams.filter((labels) => {
    const { stream, ...rest } = labels;
    const pod = pods.find(({ name }) => name === labels.pod);
    const right = pod ? isDeepStrictEqual(rest, expectedLabels(pod)) : Object.keys(rest).sort().join() === OWN_LABELS;
    return !right || !/^std(out|err)$/.test(stream ?? '');
  });
  return [...silent, ...wrong.map((labels) => `a stream has ${JSON.stringify(labels)}`)];
}

/** Checks that the pods of the stack have streams, and that all streams have the collector's labels. */
export async function checkLabels({ signal }: Run, { lokiUrl }: Stage): Promise<string> {
  const pods = (await stackPods()).filter(({ app }) => LOGGING_APPS.includes(app));
  let wrong: string[] = [];
  const right = async () => {
    const streams = await new LokiClient(lokiUrl).series('{namespace=~".+"}');
    wrong = streamProblems(pods, streams);
    return wrong.length === 0 ? streams.length : undefined;
  };
  const count = await until('right labels', { timeoutMs: ARRIVAL_TIMEOUT_MS, signal }, right).catch((error) => {
    throw new Error(`${error.message}: ${wrong.join('; ')}`);
  });
  return `${count} streams, each with ${COLLECTOR_LABELS.join(', ')}`;
}
