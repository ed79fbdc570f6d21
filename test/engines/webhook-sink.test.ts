import { startWebhookSink, type WebhookSink } from '../../lib/engines';

let sink: WebhookSink;
beforeEach(async () => {
  sink = await startWebhookSink();
});
afterEach(() => sink.close());

const send = (path: string, body: string) => fetch(sink.url + path, { method: 'POST', body });

test('records requests and answers like Slack', async () => {
  const response = await send('/services/T?x=1', '{"text":"a"}');

  expect(await response.text()).toBe('ok');
  expect(sink.requests).toMatchObject([{ method: 'POST', path: '/services/T?x=1', body: '{"text":"a"}' }]);
});

test('waits for a request, or returns an earlier one', async () => {
  const waiting = sink.waitFor(({ body }) => body === 'second', 5000);
  await send('/', 'first');
  await send('/', 'second');

  expect(await waiting).toBe(sink.requests[1]);
  expect(await sink.waitFor(({ body }) => body === 'first', 5000)).toBe(sink.requests[0]);
});

test('reports the received requests on timeout', async () => {
  await send('/a', 'b');

  await expect(sink.waitFor(() => false, 1)).rejects.toThrow(
    'no matching request within 0.001 s; received: \nPOST /a b',
  );
});
