import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server } from 'node:https';
import { text } from 'node:stream/consumers';
import { LOOPBACK } from './ports';
import { selfSigned } from './self-signed';

/** A request that the sink received. */
export interface SinkRequest {
  readonly method: string;
  /** Path with the query string. */
  readonly path: string;
  /** Keyed by lowercase name. */
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Unix time of its arrival in milliseconds. */
  readonly time: number;
}

/** Response to a request. */
export interface SinkAnswer {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An HTTP server that records every request and answers `ok`, as a webhook of Slack does. */
export interface WebhookSink {
  /**
   * Base URL, without a trailing slash. As the `proxy_url` of a client that does not verify certificates, the sink
   * receives what the client sends to any host by HTTPS.
   */
  readonly url: string;
  /** All requests so far, in order of arrival. */
  readonly requests: readonly SinkRequest[];
  /**
   * Returns the first request that matches, including earlier ones.
   * @throws if none arrives in time, with the requests that did
   */
  waitFor(predicate: (request: SinkRequest) => boolean, timeoutMs: number): Promise<SinkRequest>;
  close(): Promise<void>;
}

export interface SinkOptions {
  /** Returns the response to a request. @default `ok` to all */
  readonly answer?: (request: SinkRequest) => SinkAnswer;
}

/** Starts a sink on a free port of 127.0.0.1. */
export async function startWebhookSink({ answer = () => ({ body: 'ok' }) }: SinkOptions = {}): Promise<WebhookSink> {
  const requests: SinkRequest[] = [];
  const listeners = new Set<(request: SinkRequest) => void>();
  const handle = async (message: IncomingMessage, response: ServerResponse) => {
    const request = await read(message);
    requests.push(request);
    const { status = 200, headers = {}, body } = answer(request);
    for (const listener of [...listeners]) listener(request);
    response.writeHead(status, { Connection: 'close', ...headers }).end(body);
  };
  const server = createServer(handle);
  let secure: Server | undefined;
  server.on('connect', ({ url = '' }: IncomingMessage, socket) => {
    secure ??= createHttpsServer(selfSigned(url.replace(/:\d+$/, '')), handle);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    secure.emit('connection', socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');

  return {
    url: `http://${LOOPBACK}:${address.port}`,
    requests,
    waitFor(predicate, timeoutMs) {
      const known = requests.find(predicate);
      if (known) return Promise.resolve(known);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          listeners.delete(listener);
          reject(new Error(`no matching request within ${timeoutMs / 1000} s; received: ${summary(requests)}`));
        }, timeoutMs);
        const listener = (request: SinkRequest) => {
          if (!predicate(request)) return;
          clearTimeout(timer);
          listeners.delete(listener);
          resolve(request);
        };
        listeners.add(listener);
      });
    },
    async close() {
      secure?.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

async function read(message: IncomingMessage): Promise<SinkRequest> {
  const time = Date.now();
  const { method = '', url: path = '', headers } = message;
  return { method, path, headers, body: await text(message), time };
}

function summary(requests: readonly SinkRequest[]): string {
  return requests.map(({ method, path, body }) => `\n${method} ${path} ${body}`).join('') || 'none';
}
