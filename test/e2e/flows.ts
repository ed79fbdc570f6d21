import { writeFileSync } from 'node:fs';
import { kubectl } from '../../lib/demo-run/kubectl';
import type { Manifest } from '../../lib/kubernetes-objects/dist';
import { podOf, type StackPod } from './pods';
import { Skip } from './report';
import { until } from './until';

/** A connection that is tried from a pod made for it. */
export interface FlowProbe {
  /** App whose labels the pod has, and in whose namespace it runs. */
  readonly from: string;
  /** Leave the labels away: a stranger in that namespace. */
  readonly stranger?: boolean;
  /** App that is called. */
  readonly to: string;
  readonly allowed: boolean;
}

/**
 * Every app that must refuse a caller is also called by one whom it must answer, so that silence is no false proof.
 * Promtail is not among the callers, because its DaemonSet would adopt the pod; that it reaches Loki show the logs.
 */
export const FLOWS: readonly FlowProbe[] = [
  { from: 'grafana', to: 'loki', allowed: true },
  { from: 'grafana', to: 'alertmanager', allowed: true },
  { from: 'http-client', to: 'webservice', allowed: true },
  { from: 'alertmanager', to: 'slack-inbox', allowed: true },
  { from: 'http-client', to: 'loki', allowed: false },
  { from: 'http-client', to: 'slack-inbox', allowed: false },
  { from: 'alertmanager', to: 'loki', allowed: false },
  { from: 'grafana', to: 'webservice', allowed: false },
  { from: 'webservice', stranger: true, to: 'loki', allowed: false },
  { from: 'webservice', stranger: true, to: 'alertmanager', allowed: false },
  { from: 'webservice', stranger: true, to: 'webservice', allowed: false },
  { from: 'grafana', stranger: true, to: 'loki', allowed: false },
];

/** Seconds after which a connection counts as refused: policies drop packets, so nothing else tells. */
const CONNECT_TIMEOUT = 4;

/** Exit codes of curl: no connection, no answer in time. @see https://curl.se/docs/manpage.html#EXIT */
const REFUSED = [7, 28];

/** Label of the pods made here. */
const MARK = { 'app.kubernetes.io/managed-by': 'log-alerting-e2e' } as const;
const SELECTOR = `app.kubernetes.io/managed-by=${MARK['app.kubernetes.io/managed-by']}`;

interface Workload extends Manifest {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly object[] } } };
}

/**
 * A pod that calls once and ends with curl's exit code: the pod of http-client, hardened as that is and with the same
 * image, but with the caller's labels. It is never ready, so that no Service sends anything to it.
 */
export function callerPod(
  flow: FlowProbe,
  name: string,
  pods: readonly StackPod[],
  manifests: readonly Manifest[],
): object {
  const client = manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'http-client');
  if (!client) throw new Error(`no Deployment 'http-client' in the manifests`);
  const { spec } = (client as Workload).spec.template;
  const { ip, port } = podOf(pods, flow.to);
  const labels = { 'app.kubernetes.io/name': flow.from, 'app.kubernetes.io/instance': 'log-alerting' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: podOf(pods, flow.from).namespace,
      labels: { ...(flow.stranger ? {} : labels), ...MARK },
    },
    spec: {
      ...spec,
      restartPolicy: 'Never',
      containers: spec.containers.map((container) => ({
        ...container,
        // By address, because a refused caller has no DNS either. A path that the demo's servers do not log.
        args: [
          'curl',
          '--silent',
          '--output',
          '/dev/null',
          '--connect-timeout',
          `${CONNECT_TIMEOUT}`,
          `${ip}:${port}/healthz`,
        ],
        resources: { requests: { cpu: '1m', memory: '8Mi' }, limits: { memory: '32Mi' } },
        readinessProbe: { exec: { command: ['false'] }, initialDelaySeconds: 3600 },
      })),
    },
  };
}

/**
 * Judges curl's exit codes, one a flow.
 * @returns how many flows passed and how many were refused
 * @throws {Skip} if even all forbidden flows passed: nothing enforces policies there
 * @throws with every flow that went the wrong way
 */
export function judgeFlows(flows: readonly FlowProbe[], codes: readonly number[]): string {
  const tried = flows.map((flow, index) => ({ ...flow, code: codes[index] ?? -1 }));
  const forbidden = tried.filter(({ allowed }) => !allowed);
  if (forbidden.every(({ code }) => code === 0)) throw new Skip('this cluster does not enforce NetworkPolicies');
  const wrong = tried.filter(({ allowed, code }) => (allowed ? code !== 0 : !REFUSED.includes(code)));
  if (wrong.length > 0) {
    const sentences = wrong.map(({ from, stranger, to, allowed, code }) => {
      const caller = stranger ? `a stranger beside ${from}` : from;
      return `${caller} must ${allowed ? '' : 'not '}reach ${to}, curl ended with ${code}`;
    });
    throw new Error(sentences.join('; '));
  }
  return `${tried.length - forbidden.length} flows pass, ${forbidden.length} that are on no list are refused`;
}

/** Tries all flows at the same time, each from a pod of its own, which is deleted again. */
export async function tryFlows(
  pods: readonly StackPod[],
  manifests: readonly Manifest[],
  { file, signal }: { readonly file: string; readonly signal: AbortSignal },
): Promise<string> {
  const callers = FLOWS.map((flow, index) => callerPod(flow, `e2e-flow-${index}`, pods, manifests));
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: callers }));
  try {
    await kubectl('apply', '--warnings-as-errors', '-f', file);
    const codes = await until('end of all callers', { timeoutMs: 60_000, signal }, exitCodes);
    return judgeFlows(
      FLOWS,
      FLOWS.map((_, index) => codes[`e2e-flow-${index}`] ?? -1),
    );
  } finally {
    await kubectl('delete', '-f', file, '--ignore-not-found', '--wait=false');
  }
}

/** Exit code by name of pod, once all have ended. */
async function exitCodes(): Promise<Record<string, number> | undefined> {
  const { items } = JSON.parse(await kubectl('get', 'pods', '--all-namespaces', '-l', SELECTOR, '-o', 'json')) as {
    items: readonly {
      metadata: { name: string };
      status: { containerStatuses?: readonly { state: { terminated?: { exitCode: number } } }[] };
    }[];
  };
  const codes = items.map(({ metadata, status }) => [
    metadata.name,
    status.containerStatuses?.[0]?.state.terminated?.exitCode,
  ]);
  return codes.every(([, code]) => code !== undefined) ? Object.fromEntries(codes) : undefined;
}
