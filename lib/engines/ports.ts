import { createServer, type Server } from 'node:net';

/** Addresses of engines: nothing is offered to the network. */
export const LOOPBACK = '127.0.0.1';

/**
 * Ports that were free a moment ago. All are held until the last one is known, so no two are equal; another process
 * may still take one before the engine does, so whoever starts an engine must be ready to try again.
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
 * @param title who wants the port
 * @throws if something listens on it already: the engine would fail, and polling would meet the other one
 */
export async function requireFreePort(port: number, title: string): Promise<void> {
  const server = await listen(port).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `${title} needs port ${port} on ${LOOPBACK}, which can't be used: ${error.code}. Stop what listens there.`,
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

/** Where Linux begins to take ports for outgoing connections, among others; macOS and Windows begin above. */
const FIRST_EPHEMERAL = 32_768;

/** Below are the ports of well-known services. */
const FIRST_TRIED = 20_000;

/**
 * Ports for processes that start much later, or again: unlike those of `freePorts`, no outgoing connection takes one in
 * the meantime. They begin at random, so that two runs at a time rarely meet.
 */
export async function lastingPorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  const span = FIRST_EPHEMERAL - FIRST_TRIED;
  const offset = Math.floor(Math.random() * span);
  for (let i = 0; i < span && ports.length < count; i++) {
    const port = FIRST_TRIED + ((offset + i) % span);
    const server = await listen(port).catch(() => undefined);
    if (!server) continue;
    await close(server);
    ports.push(port);
  }
  if (ports.length < count) throw new Error(`fewer than ${count} ports from ${FIRST_TRIED} on are free`);
  return ports;
}
