import { localPromtailConfig } from '../../lib/demo-run/local-configs';
import { objects, synth } from '../manifests/synth';

const places = { dir: '/work', podLogs: '/work/pods', lokiUrl: 'http://127.0.0.1:1' };

test('configures Promtail with the given pods, and rejects another collector', () => {
  expect(localPromtailConfig(objects(synth()), places, [])).toMatchObject({
    clients: [{ url: 'http://127.0.0.1:1/loki/api/v1/push' }],
    positions: { filename: '/work/positions.yaml' },
    scrape_configs: [{ static_configs: [] }],
  });
  expect(() => localPromtailConfig(objects(synth({ collector: 'opentelemetry' })), places, [])).toThrow(
    'the manifests have no Promtail',
  );
});
