import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface AuthProxy {
  readonly url: string;
  /** Paths of the requests, and their status: 401 without the credentials. */
  readonly requests: readonly string[];
  /** Value of the header `Authorization` that requests must have. */
  authorization: string;
  close(): Promise<void>;
}

export interface AuthProxyProps {
  readonly target: string;
  readonly authorization: string;
  readonly key: string;
  readonly cert: string;
}

/** Starts an HTTPS proxy that requires credentials, like the gateway of a Loki. */
export async function startAuthProxy({ target, authorization, key, cert }: AuthProxyProps): Promise<AuthProxy> {
  const requests: string[] = [];
  const server = createServer({ key, cert }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const done = (status: number, body: string | Buffer = '') => {
      requests.push(`${status} ${request.url?.split('?')[0]}`);
      response.writeHead(status).end(body);
    };
    if (request.headers.authorization !== proxy.authorization) return done(401);
    const { 'x-scope-orgid': tenant, 'content-type': type, 'content-encoding': encoding } = request.headers;
    const headers = Object.entries({ 'x-scope-orgid': tenant, 'content-type': type, 'content-encoding': encoding });
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? 'GET',
      headers: headers.flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as [string, string]],
      ),
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    done(answer.status, Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: AuthProxy = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    authorization,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
