import { writeFileSync } from 'node:fs';
import { kubectl } from '../../lib/demo-run/kubectl';
import type { Manifest } from '../../lib/kubernetes-objects/dist';
import { podOf, type StackPod } from './pods';
import { Skip } from './report';
import { until } from './until';

/** A connection to test, from a pod created for it. */
export interface FlowProbe {
  /** App whose labels and namespace the pod uses. */
  readonly from: string;
  /** Omit the labels: an unknown pod in that namespace. */
  readonly unlabeled?: boolean;
  /** App to connect to. */
  readonly to: string;
  readonly allowed: boolean;
}

/**
 * Each app that must deny a caller also has an allowed caller, so that a broken app does not pass. Promtail is not a
 * caller, because its DaemonSet would adopt the pod; the logs prove that it reaches Loki.
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
  { from: 'webservice', unlabeled: true, to: 'loki', allowed: false },
  { from: 'webservice', unlabeled: true, to: 'alertmanager', allowed: false },
  { from: 'webservice', unlabeled: true, to: 'webservice', allowed: false },
  { from: 'grafana', unlabeled: true, to: 'loki', allowed: false },
];

/** Seconds after which a connection counts as denied: policies drop packets, so a timeout is the only sign. */
const CONNECT_TIMEOUT = 4;

/** Exit codes of curl for a failed connection and a timeout. @see https://curl.se/docs/manpage.html#EXIT */
const REFUSED = [7, 28];

/** Label of the pods that this test creates. */
const MARK = { 'app.kubernetes.io/managed-by': 'log-alerting-e2e' } as const;
const SELECTOR = `app.kubernetes.io/managed-by=${MARK['app.kubernetes.io/managed-by']}`;

interface Workload extends Manifest {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly object[] } } };
}

/**
 * Returns a pod that makes one request and exits with curl's exit code. It has the image and the security context of
 * http-client, but the caller's labels. It is never ready, so that no Service sends requests to it.
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
      labels: { ...(flow.unlabeled ? {} : labels), ...MARK },
    },
    spec: {
      ...spec,
      restartPolicy: 'Never',
      containers: spec.containers.map((container) => ({
        ...container,
        // By IP, because a denied caller has no DNS either. The demo's servers do not log this path.
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
 * Evaluates curl's exit code for each flow.
 * @returns numbers of allowed and denied flows
 * @throws {Skip} if all flows work: the cluster does not enforce NetworkPolicies
 * @throws with every flow that has the wrong result
 */
export function evaluateFlows(flows: readonly FlowProbe[], codes: readonly number[]): string {
  const tried = flows.map((flow, index) => ({ ...flow, code: codes[index] ?? -1 }));
  const forbidden = tried.filter(({ allowed }) => !allowed);
  if (forbidden.every(({ code }) => code === 0)) throw new Skip('this cluster does not enforce NetworkPolicies');
  const wrong = tried.filter(({ allowed, code }) => (allowed ? code !== 0 : !REFUSED.includes(code)));
  if (wrong.length > 0) {
    const sentences = wrong.map(({ from, unlabeled, to, allowed, code }) => {
      const caller = unlabeled ? `an unlabeled pod in the namespace of ${from}` : from;
      return `${caller} must ${allowed ? '' : 'not '}reach ${to}, curl exit code ${code}`;
    });
    throw new Error(sentences.join('; '));
  }
  return `${tried.length - forbidden.length} allowed flows work, ${forbidden.length} other flows are denied`;
}

/** Tests all flows in parallel, each from a separate pod, which is then deleted. */
export async function probeFlows(
  pods: readonly StackPod[],
  manifests: readonly Manifest[],
  { file, signal }: { readonly file: string; readonly signal: AbortSignal },
): Promise<string> {
  const callers = FLOWS.map((flow, index) => callerPod(flow, `e2e-flow-${index}`, pods, manifests));
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: callers }));
  try {
    await kubectl('apply', '--warnings-as-errors', '-f', file);
    const codes = await until('exit codes of all callers', { timeoutMs: 60_000, signal }, exitCodes);
    return evaluateFlows(
      FLOWS,
      FLOWS.map((_, index) => codes[`e2e-flow-${index}`] ?? -1),
    );
  } finally {
    await kubectl('delete', '-f', file, '--ignore-not-found', '--wait=false');
  }
}

/** Returns exit codes by pod name, or undefined until all pods have exited. */
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
