import { ingress } from '../../lib/kubernetes/ingress';
import { find } from '../manifests/kubernetes';
import { Example, emptyChart, manifests } from './chart';

const OPTIONS = { host: 'shop.example.com', namespace: 'traefik', tlsSecret: 'shop-tls' };

const rule = {
  host: 'shop.example.com',
  http: {
    paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'shop', port: { name: 'http' } } } }],
  },
};

test('creates an Ingress of the default class with the certificate of the host', () => {
  const chart = emptyChart();

  ingress(new Example(chart, 'shop', { http: 8080 }), OPTIONS);

  const { metadata, spec } = find(manifests(chart), 'Ingress', 'shop');
  expect(metadata.annotations).toBeUndefined();
  expect(spec).toEqual({ tls: [{ hosts: ['shop.example.com'], secretName: 'shop-tls' }], rules: [rule] });
});

test('sets class and annotations', () => {
  const chart = emptyChart();
  const annotations = { 'cert-manager.io/cluster-issuer': 'letsencrypt' };

  ingress(new Example(chart, 'shop', { http: 8080 }), { ...OPTIONS, className: 'traefik', annotations });

  const { metadata, spec } = find(manifests(chart), 'Ingress', 'shop');
  expect(metadata.annotations).toEqual(annotations);
  expect(spec).toMatchObject({ ingressClassName: 'traefik', rules: [rule] });
});
