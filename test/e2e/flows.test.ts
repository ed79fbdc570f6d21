import { readDist } from '../../lib/kubernetes-objects/dist';
import { demoDist } from '../manifests/synth';
import { callerPod, evaluateFlows, type FlowProbe } from './flows';
import { Skip } from './report';

const FLOWS: readonly FlowProbe[] = [
  { from: 'grafana', to: 'loki', allowed: true },
  { from: 'http-client', to: 'loki', allowed: false },
  { from: 'webservice', unlabeled: true, to: 'loki', allowed: false },
];

describe('evaluateFlows', () => {
  test('counts allowed and denied flows', () => {
    expect(evaluateFlows(FLOWS, [0, 28, 7])).toBe('1 allowed flows work, 2 other flows are denied');
  });

  test('reports each flow with the wrong result', () => {
    expect(() => evaluateFlows(FLOWS, [28, 0, 6])).toThrow(
      'grafana must reach loki, curl exit code 28; http-client must not reach loki, curl exit code 0; ' +
        'an unlabeled pod in the namespace of webservice must not reach loki, curl exit code 6',
    );
  });

  test('skips if the cluster does not enforce NetworkPolicies', () => {
    expect(() => evaluateFlows(FLOWS, [0, 0, 0])).toThrow(Skip);
  });
});

describe('callerPod', () => {
  const pods = ['loki', 'http-client', 'webservice'].map((app) => ({
    namespace: app === 'loki' ? 'logging' : 'demo',
    name: `${app}-0`,
    app,
    uid: app,
    ip: '10.244.0.9',
    node: 'node',
    container: app,
    port: app === 'loki' ? 3100 : undefined,
    restarts: 0,
  }));

  test("is http-client's hardened pod with the caller's labels, and never ready", () => {
    const [, flow] = FLOWS as [FlowProbe, FlowProbe, FlowProbe];

    expect(callerPod(flow, 'e2e-flow-1', pods, readDist(demoDist()))).toMatchObject({
      metadata: { namespace: 'demo', labels: { 'app.kubernetes.io/name': 'http-client' } },
      spec: {
        restartPolicy: 'Never',
        securityContext: { runAsNonRoot: true },
        containers: [{ readinessProbe: {}, args: expect.arrayContaining(['10.244.0.9:3100/healthz']) }],
      },
    });
  });

  test('without labels matches no NetworkPolicy', () => {
    const [, , flow] = FLOWS as [FlowProbe, FlowProbe, FlowProbe];
    const pod = callerPod(flow, 'e2e-flow-2', pods, readDist(demoDist())) as { metadata: { labels: object } };

    expect(Object.keys(pod.metadata.labels)).toEqual(['app.kubernetes.io/managed-by']);
  });
});
