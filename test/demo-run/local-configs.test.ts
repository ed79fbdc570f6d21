import { localPromtailConfig } from '../../lib/demo-run/local-configs';
import { synthObjects } from '../manifests/synth';

const places = { dir: '/work', podLogs: '/work/pods', lokiUrl: 'http://127.0.0.1:1' };

test('Promtail runs locally with the pods that it is given; another collector is refused with the reason', () => {
  expect(localPromtailConfig(synthObjects(), places, [])).toMatchObject({
    clients: [{ url: 'http://127.0.0.1:1/loki/api/v1/push' }],
    positions: { filename: '/work/positions.yaml' },
    scrape_configs: [{ static_configs: [] }],
  });
  expect(() => localPromtailConfig(synthObjects({ collector: 'opentelemetry' }), places, [])).toThrow(
    'only manifests with Promtail run locally',
  );
});
