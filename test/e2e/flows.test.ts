import { readDist } from '../../lib/kubernetes-objects/dist';
import { callerPod, type FlowProbe, judgeFlows } from './flows';
import { Skip } from './report';

const FLOWS: readonly FlowProbe[] = [
  { from: 'grafana', to: 'loki', allowed: true },
  { from: 'http-client', to: 'loki', allowed: false },
  { from: 'webservice', stranger: true, to: 'loki', allowed: false },
];

describe('judgeFlows', () => {
  test('counts flows that go as they should', () => {
    expect(judgeFlows(FLOWS, [0, 28, 7])).toBe('1 flows pass, 2 that are on no list are refused');
  });

  test('names each flow that goes the wrong way, and one that says nothing', () => {
    expect(() => judgeFlows(FLOWS, [28, 0, 6])).toThrow(
      'grafana must reach loki, curl ended with 28; http-client must not reach loki, curl ended with 0; ' +
        'a stranger beside webservice must not reach loki, curl ended with 6',
    );
  });

  test('skips where policies are not enforced', () => {
    expect(() => judgeFlows(FLOWS, [0, 0, 0])).toThrow(Skip);
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

  test('is the hardened client with the labels of the caller, and no Service counts on it', () => {
    const [, flow] = FLOWS as [FlowProbe, FlowProbe, FlowProbe];

    expect(callerPod(flow, 'e2e-flow-1', pods, readDist('dist'))).toMatchObject({
      metadata: { namespace: 'demo', labels: { 'app.kubernetes.io/name': 'http-client' } },
      spec: {
        restartPolicy: 'Never',
        securityContext: { runAsNonRoot: true },
        containers: [{ readinessProbe: {}, args: expect.arrayContaining(['10.244.0.9:3100/healthz']) }],
      },
    });
  });

  test('of a stranger has no label that a policy names', () => {
    const [, , flow] = FLOWS as [FlowProbe, FlowProbe, FlowProbe];
    const pod = callerPod(flow, 'e2e-flow-2', pods, readDist('dist')) as { metadata: { labels: object } };

    expect(Object.keys(pod.metadata.labels)).toEqual(['app.kubernetes.io/managed-by']);
  });
});
