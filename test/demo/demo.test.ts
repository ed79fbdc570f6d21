import { HttpClient } from '../../lib/demo/http-client';
import { NginxApp } from '../../lib/demo/nginx-app';
import { emptyChart, manifests } from '../kubernetes/chart';
import { find, type Manifest, workloads } from '../manifests/kubernetes';

const args = (all: readonly Manifest[]) => workloads(all)[0]?.spec.template.spec.containers[0]?.args;

test('http-client, minimal props: one pod, 120 requests a second, each with a number of its own', () => {
  const chart = emptyChart('demo');

  new HttpClient(chart, { targetUrl: 'http://webservice.demo.svc:8080' });

  const all = manifests(chart);
  expect(find(all, 'Deployment', 'http-client')).toMatchObject({ spec: { replicas: 1 } });
  expect(args(all)).toEqual([
    'curl',
    '--silent',
    '--output',
    '/dev/null',
    '--connect-timeout',
    '2',
    '--rate',
    '120/s',
    'http://webservice.demo.svc:8080/flood/[1-1000000000]',
  ]);
});

test('http-client, all props', () => {
  const chart = emptyChart('demo');

  new HttpClient(chart, { targetUrl: 'http://shop', rate: 7, replicas: 3 });

  const all = manifests(chart);
  expect(find(all, 'Deployment', 'http-client')).toMatchObject({ spec: { replicas: 3 } });
  expect(args(all)).toEqual(expect.arrayContaining(['7/s', 'http://shop/flood/[1-1000000000]']));
});

test.each(['webservice', 'slack-inbox'] as const)('%s: nginx with the server that its file describes', (name) => {
  const chart = emptyChart('demo');

  new NginxApp(chart, name);

  const conf = find(manifests(chart), 'ConfigMap', `${name}-config`).data?.['default.conf'];
  expect(conf).toMatch(/listen 8080;/);
  expect(conf).toMatch(/location = \/healthz/);
});
