import type { StackPod } from './pods';
import { streamProblems } from './streams';

const POD: StackPod = {
  namespace: 'demo',
  name: 'webservice-1',
  app: 'webservice',
  uid: 'u',
  ip: '10.244.0.7',
  node: 'kind-control-plane',
  container: 'webservice',
  port: 8080,
  restarts: 0,
};

const STREAM = {
  namespace: 'demo',
  app: 'webservice',
  pod: 'webservice-1',
  container: 'webservice',
  node_name: 'kind-control-plane',
  job: 'demo/webservice',
  stream: 'stdout',
};

describe('streamProblems', () => {
  test('accepts a stream with the expected labels for each pod', () => {
    expect(streamProblems([POD], [STREAM, { ...STREAM, stream: 'stderr' }])).toEqual([]);
  });

  test('reports a pod without a stream', () => {
    expect(streamProblems([POD], [])).toEqual(['demo/webservice-1 has no stream']);
  });

  test.each([
    ['a wrong value', { ...STREAM, job: 'webservice' }],
    ['an additional label', { ...STREAM, filename: '/var/log/pods/x/0.log' }],
    ['an empty stream', { ...STREAM, stream: '' }],
    ['an additional label of a pod outside the stack', { ...STREAM, pod: 'coredns-1', service_name: 'coredns' }],
  ])('reports %s', (_, labels) => {
    expect(streamProblems([POD], [STREAM, labels])).toEqual([`a stream has ${JSON.stringify(labels)}`]);
  });
});
