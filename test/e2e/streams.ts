import { isDeepStrictEqual } from 'node:util';
import { COLLECTOR_LABELS } from '../../lib/collector/labels';
import type { Stage } from '../../lib/demo-run/stage';
import { LokiClient } from '../../lib/engines';
import { type StackPod, stackPods } from './pods';
import type { Run } from './run';
import { until } from './until';

/** Those that log something when they start; the others may stay silent. */
const TALKATIVE = ['webservice', 'slack-inbox'];

/** Promtail finds a new pod within seconds; its first push may wait for Loki. */
const ARRIVAL_TIMEOUT_MS = 60_000;

/** The labels but `stream`, which the container's log tells. */
const OWN_LABELS = COLLECTOR_LABELS.filter((name) => name !== 'stream')
  .sort()
  .join();

type Labels = Readonly<Record<string, string>>;

/** The labels that a pod's streams must have, no more and no less; `stream` comes on top. */
export function expectedLabels({ namespace, app, name, container, node }: StackPod): Labels {
  return { namespace, app, pod: name, container, node_name: node, job: `${namespace}/${app}` };
}

/**
 * What is wrong with the labels of streams of these pods: a pod without a stream, a label missing, wrong or too many.
 * Streams of other pods are looked at for their label names only.
 */
export function wrongStreams(pods: readonly StackPod[], streams: readonly Labels[]): string[] {
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

/** The pods of the stack have streams, and all streams of the cluster the collector's labels. */
export async function labelsAreRight({ signal }: Run, { lokiUrl }: Stage): Promise<string> {
  const pods = (await stackPods()).filter(({ app }) => TALKATIVE.includes(app));
  let wrong: string[] = [];
  const right = async () => {
    const streams = await new LokiClient(lokiUrl).series('{namespace=~".+"}');
    wrong = wrongStreams(pods, streams);
    return wrong.length === 0 ? streams.length : undefined;
  };
  const count = await until('right labels', { timeoutMs: ARRIVAL_TIMEOUT_MS, signal }, right).catch((error) => {
    throw new Error(`${error.message}: ${wrong.join('; ')}`);
  });
  return `${count} streams, each with ${COLLECTOR_LABELS.join(', ')}`;
}
