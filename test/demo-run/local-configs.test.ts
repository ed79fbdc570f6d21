import { localPromtailConfig } from '../../lib/demo-run/local-configs';
import { synthObjects } from '../manifests/synth';

const places = { dir: '/work', podLogs: '/work/pods', lokiUrl: 'http://127.0.0.1:1' };

test('configures Promtail with the given pods, and rejects another collector', () => {
  expect(localPromtailConfig(synthObjects(), places, [])).toMatchObject({
    clients: [{ url: 'http://127.0.0.1:1/loki/api/v1/push' }],
    positions: { filename: '/work/positions.yaml' },
    scrape_configs: [{ static_configs: [] }],
  });
  expect(() => localPromtailConfig(synthObjects({ collector: 'opentelemetry' }), places, [])).toThrow(
    'the manifests have no Promtail',
  );
});
