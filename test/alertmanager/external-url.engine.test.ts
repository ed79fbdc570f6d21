import { type RunningEngine, startAlertmanager, startWebhookSink, type WebhookSink } from '../../lib/engines';
import { containers, workloads } from '../manifests/kubernetes';
import { synthObjects } from '../manifests/synth';

const EXTERNAL_URL = 'https://tools.example.com/alertmanager';

/** URL arguments of Alertmanager in the manifests. */
const args = workloads(synthObjects({ alertmanagerUrl: EXTERNAL_URL }))
  .filter(({ metadata }) => metadata.name === 'alertmanager')
  .flatMap(containers)
  .flatMap(({ args = [] }) => args.filter((arg) => /^--web\.(external-url|route-prefix)/.test(arg)));

let sink: WebhookSink;
let alertmanager: RunningEngine;

beforeAll(async () => {
  sink = await startWebhookSink();
  alertmanager = await startAlertmanager(
    {
      route: { receiver: 'a', group_wait: '0s' },
      receivers: [{ name: 'a', webhook_configs: [{ url: sink.url }] }],
    },
    { args },
  );
}, 600_000);

afterAll(async () => {
  await alertmanager?.stop();
  await sink?.close();
});

test.each(['/', '/-/ready', '/-/healthy', '/metrics', '/api/v2/status'])(
  'serves %s without the path of its external URL',
  async (path) => {
    expect((await fetch(alertmanager.url + path)).status).toBe(200);
  },
);

test('links in messages include the path of the external URL', async () => {
  await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify([{ labels: { alertname: 'A' } }]),
  });
  const { body } = await sink.waitFor(() => true, 60_000);

  expect(JSON.parse(body)).toMatchObject({ externalURL: EXTERNAL_URL });
});
