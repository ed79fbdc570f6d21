import { X509Certificate } from 'node:crypto';
import { request } from 'node:http';
import { request as requestSecurely } from 'node:https';
import type { Socket } from 'node:net';
import { startWebhookSink, type WebhookSink } from '../../lib/engines';
import { selfSigned } from '../../lib/engines/self-signed';

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

test('as a proxy, receives what is sent to any host by HTTPS, and answers it', async () => {
  const answer = () => ({ status: 201, headers: { 'Content-Type': 'application/json' }, body: '{"ok":true}' });
  const proxy = await startWebhookSink({ answer });
  const { hostname, port } = new URL(proxy.url);
  const socket = await new Promise<Socket>((resolve, reject) => {
    const tunnel = request({ host: hostname, port, method: 'CONNECT', path: 'slack.com:443' });
    tunnel.on('connect', (_, connected) => resolve(connected)).on('error', reject);
    tunnel.end();
  });
  const status = await new Promise<unknown>((resolve, reject) => {
    const options = { socket, method: 'POST', agent: false, rejectUnauthorized: false } as object;
    const call = requestSecurely('https://slack.com/api/chat.update', options, ({ statusCode }) => resolve(statusCode));
    call.on('error', reject);
    call.end('{"ts":"1"}');
  });

  expect(status).toBe(201);
  expect(proxy.requests).toMatchObject([
    { path: '/api/chat.update', headers: { host: 'slack.com' }, body: '{"ts":"1"}' },
  ]);
  await proxy.close();
});

test('makes a certificate that is valid for two days', () => {
  const certificate = new X509Certificate(selfSigned('slack.com').cert);

  expect(certificate.subject).toBe('CN=slack.com');
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBe(2 * 24 * 60 * 60 * 1000);
});
