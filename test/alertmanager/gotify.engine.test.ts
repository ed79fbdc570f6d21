import { gotifyReceiver } from '../../lib/alertmanager/gotify';
import { relocate } from '../../lib/demo-run/local-configs';
import { type RunningEngine, startAlertmanager, startWebhookSink, type WebhookSink } from '../../lib/engines';

/** A stand-in for Gotify: the test is on the request, which Gotify's API describes. */
let gotify: WebhookSink;
let alertmanager: RunningEngine;

beforeAll(async () => {
  gotify = await startWebhookSink();
  alertmanager = await startAlertmanager(
    ({ dir }) =>
      relocate(
        {
          route: { receiver: 'gotify', group_by: ['alertname'], group_wait: '1s', group_interval: '2s' },
          receivers: [gotifyReceiver({ name: 'gotify', url: `${gotify.url}/`, tokenSecret: 'gotify', priority: 8 })],
        },
        { '/etc/alertmanager': dir },
      ),
    { files: { 'secrets/gotify/token': 'Aabc.def' } },
  );
});

afterAll(async () => {
  await alertmanager?.stop();
  await gotify?.close();
});

async function send(alert: object): Promise<void> {
  const response = await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify([alert]),
  });
  expect(response.status).toBe(200);
}

test('Gotify receives a message with its token when an alert fires and when it is resolved', async () => {
  const labels = { alertname: 'Flood', app: 'cart' };
  const annotations = { title: 'High "log" rate', description: 'cart logs 70 lines', logurl: 'http://logs/a?b=1&c' };
  await send({ labels, annotations });
  const firing = await gotify.waitFor(({ body }) => body.includes('FIRING'), 30_000);
  await send({ labels, annotations, endsAt: new Date().toISOString() });
  const resolved = await gotify.waitFor(({ body }) => body.includes('RESOLVED'), 30_000);

  expect(firing).toMatchObject({ method: 'POST', path: '/message' });
  expect(firing.headers).toMatchObject({ authorization: 'Bearer Aabc.def', 'content-type': 'application/json' });
  expect(JSON.parse(firing.body)).toEqual({
    title: '[FIRING] High "log" rate',
    message: 'firing: cart logs 70 lines [Logs](http://logs/a?b=1&c)\n\n',
    priority: 8,
  });
  expect(JSON.parse(resolved.body)).toMatchObject({ title: '[RESOLVED] High "log" rate', priority: 8 });
});

test('an alert without annotations is sent as a message too', async () => {
  await send({ labels: { alertname: 'Bare' } });

  const { body } = await gotify.waitFor(({ body }) => body.includes('Bare'), 30_000);
  expect(JSON.parse(body)).toEqual({ title: '[FIRING] Bare', message: 'firing: \n\n', priority: 8 });
});
