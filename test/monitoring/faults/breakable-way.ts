import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { LOOPBACK } from '../../../lib/engines/ports';

/** A way of TCP to a server that can be cut and opened again, as by a NetworkPolicy. */
export class BreakableWay {
  private readonly sockets = new Set<Socket>();
  private open = true;
  private target = 0;
  private readonly server = createServer((client) => {
    if (!this.open) return void client.destroy();
    const upstream = connect(this.target, LOOPBACK);
    for (const [one, other] of [[client, upstream] as const, [upstream, client] as const]) {
      this.sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy()).on('close', () => this.sockets.delete(one));
    }
  });

  async to(url: string): Promise<string> {
    this.target = Number(new URL(url).port);
    await new Promise<void>((resolve) => this.server.listen(0, LOOPBACK, resolve));
    return `http://${LOOPBACK}:${(this.server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.open = false;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.open = true;
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}
