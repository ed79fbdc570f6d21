import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { LOOPBACK } from './ports';

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

/** An HTTP server that records every request and answers `ok`, as Slack does. */
export interface WebhookSink {
  /** Base URL, without a trailing slash. */
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

/** Starts a sink on 127.0.0.1. @param port @default any free port */
export async function startWebhookSink(port = 0): Promise<WebhookSink> {
  const requests: SinkRequest[] = [];
  const listeners = new Set<(request: SinkRequest) => void>();
  const server = createServer(async (message, response) => {
    const request = await read(message);
    requests.push(request);
    for (const listener of [...listeners]) listener(request);
    response.setHeader('Connection', 'close').end('ok');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
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
