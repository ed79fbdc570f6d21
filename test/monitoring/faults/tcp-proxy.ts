import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { LOOPBACK } from '../../../lib/engines/ports';

/** A TCP proxy whose connections can be cut and restored, as by a NetworkPolicy. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private open = true;
  private target = 0;
  private readonly server = createServer((client) => {
    if (!this.open) return void client.destroy();
    const upstream = connect(this.target, LOOPBACK);
    for (const [from, to] of [[client, upstream] as const, [upstream, client] as const]) {
      this.sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => this.sockets.delete(from));
    }
  });

  /** Starts the proxy. @returns its URL */
  async start(url: string): Promise<string> {
    this.target = Number(new URL(url).port);
    await new Promise<void>((resolve) => this.server.listen(0, LOOPBACK, resolve));
    return `http://${LOOPBACK}:${(this.server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.open = false;
    for (const socket of this.sockets) socket.destroy();
  }

  restore(): void {
    this.open = true;
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}
