import { configData } from '../../lib/story/dist';
import { find } from './kubernetes';
import { objects, PRODUCTION, synth } from './synth';

const INGRESS = { host: 'logs.example.com', namespace: 'traefik', tlsSecret: 'logs-tls' };

/** What a policy lets in from namespaces that are not the stack's. */
function letsIn(namespace: string, name: string, all: ReturnType<typeof objects>): unknown[] {
  const { spec } = find(all, 'NetworkPolicy', name) as { spec?: { ingress?: { from: unknown[]; ports: unknown }[] } };
  const peer = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
  return (spec?.ingress ?? [])
    .filter(({ from }) => JSON.stringify(from) === JSON.stringify([peer]))
    .map(({ ports }) => ports);
}

describe('Grafana behind an Ingress', () => {
  const grafana = { adminSecret: 'grafana-admin', ingress: INGRESS };
  const all = objects(synth({ ...PRODUCTION, grafanaUrl: undefined, grafana }));

  test('is known by its host, in its own configuration and in links of alerts', () => {
    expect(configData(all, 'grafana-config')['grafana.ini']).toContain('root_url = https://logs.example.com\n');
    expect(configData(all, 'grafana-config')['grafana.ini']).toContain('cookie_secure = true');
    expect(configData(all, 'loki-config')['config.yaml']).toContain('external_url: https://logs.example.com\n');
  });

  test('lets the controller in, and nobody else from outside', () => {
    expect(letsIn('traefik', 'grafana', all)).toEqual([[{ port: 3000, protocol: 'TCP' }]]);
  });

  test('is known by another URL if that is written', () => {
    const named = objects(synth({ ...PRODUCTION, grafanaUrl: 'https://logs.example.com:8443', grafana }));

    expect(configData(named, 'grafana-config')['grafana.ini']).toContain('root_url = https://logs.example.com:8443\n');
  });
});
