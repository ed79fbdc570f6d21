import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { LOOPBACK } from './ports';

/** A request that the sink took. */
export interface SinkRequest {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  /** By their names in small letters. */
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Unix time of its arrival in milliseconds. */
  readonly time: number;
}

/** An HTTP server that answers `ok` to everything, as Slack does, and keeps it. */
export interface WebhookSink {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  /** All requests so far, in the order of their arrival. */
  readonly requests: readonly SinkRequest[];
  /**
   * Resolves to the first request that fits, one that came before included.
   * @throws if none has come in time: with what came instead
   */
  waitFor(predicate: (request: SinkRequest) => boolean, timeoutMs: number): Promise<SinkRequest>;
  close(): Promise<void>;
}

/** Starts a sink on 127.0.0.1. @param port @default one that is free */
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
          reject(new Error(`no such request in ${timeoutMs / 1000} s. Came so far: ${summary(requests)}`));
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
