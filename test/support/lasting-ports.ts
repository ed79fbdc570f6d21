import { requireFreePort } from '../../lib/engines/ports';

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
    const isFree = await requireFreePort(port, 'a test').then(
      () => true,
      () => false,
    );
    if (isFree) ports.push(port);
  }
  if (ports.length < count)
    throw new Error(`fewer than ${count} free ports between ${FIRST_PORT} and ${FIRST_EPHEMERAL}`);
  return ports;
}
