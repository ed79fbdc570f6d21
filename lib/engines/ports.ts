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

/** First port that Linux uses for outgoing connections; macOS and Windows start higher. */
const FIRST_EPHEMERAL = 32_768;

/** Lower ports are used by well-known services. */
const FIRST_PORT = 20_000;

/**
 * Returns ports for processes that start much later, or restart: unlike those of `freePorts`, they are not used for
 * outgoing connections in the meantime. They start at a random one, so that parallel runs rarely collide.
 */
export async function lastingPorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  const span = FIRST_EPHEMERAL - FIRST_PORT;
  const offset = Math.floor(Math.random() * span);
  for (let i = 0; i < span && ports.length < count; i++) {
    const port = FIRST_PORT + ((offset + i) % span);
    const server = await listen(port).catch(() => undefined);
    if (!server) continue;
    await close(server);
    ports.push(port);
  }
  if (ports.length < count)
    throw new Error(`fewer than ${count} free ports between ${FIRST_PORT} and ${FIRST_EPHEMERAL}`);
  return ports;
}
