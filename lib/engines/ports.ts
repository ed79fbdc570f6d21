import { createServer, type Server } from 'node:net';

/** Address that engines listen on: nothing is exposed to the network. */
export const LOOPBACK = '127.0.0.1';

/**
 * Returns ports that were free a moment ago. All are held until the last one is known, so they are distinct. Another
 * process may take one before the engine does: the caller must be able to retry.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
    return address.port;
  });
  await Promise.all(servers.map(close));
  return ports;
}

/**
 * Checks that a port is free.
 * @param title name of the program that needs the port, for the message
 * @throws if another program listens on it: the engine would fail, and the readiness check would reach that program
 */
export async function requireFreePort(port: number, title: string): Promise<void> {
  const server = await listen(port).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `${title} needs port ${port} on ${LOOPBACK}, which is not free (${error.code}): stop the program that uses it`,
    );
  });
  await close(server);
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => resolve(server));
  });
}

function close(server: Server): Promise<unknown> {
  return new Promise((resolve) => server.close(resolve));
}
