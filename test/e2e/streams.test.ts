import type { StackPod } from './pods';
import { wrongStreams } from './streams';

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

describe('wrongStreams', () => {
  test('finds nothing if each pod has a stream with the right labels', () => {
    expect(wrongStreams([POD], [STREAM, { ...STREAM, stream: 'stderr' }])).toEqual([]);
  });

  test('tells a pod without a stream', () => {
    expect(wrongStreams([POD], [])).toEqual(['demo/webservice-1 has no stream']);
  });

  test.each([
    ['wrong', { ...STREAM, job: 'webservice' }],
    ['too many', { ...STREAM, filename: '/var/log/pods/x/0.log' }],
    ['without the stream of the log format', { ...STREAM, stream: '' }],
    ['of a pod outside the stack, with one too many', { ...STREAM, pod: 'coredns-1', service_name: 'coredns' }],
  ])('tells labels that are %s', (_, labels) => {
    expect(wrongStreams([POD], [STREAM, labels])).toEqual([`a stream has ${JSON.stringify(labels)}`]);
  });
});
