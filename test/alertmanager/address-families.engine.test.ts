import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningEngine, startAlertmanager } from '../../lib/engines';
import { freePorts } from '../../lib/engines/ports';
import { containers, workloads } from '../manifests/kubernetes';
import { EVERYTHING, synthObjects } from '../manifests/synth';

/** Cluster arguments of the manifests for an Alertmanager with peers. */
const args = workloads(synthObjects(EVERYTHING))
  .filter(({ metadata }) => metadata.name === 'alertmanager')
  .flatMap(containers)
  .flatMap(({ args = [] }) => args.filter((arg) => /^--cluster\.(listen|advertise)-address=/.test(arg)));

/** The same for a pod with this address, on another port; it only listens on that address. */
const inPod = (ip: string, port: number) =>
  args.map((arg) =>
    arg
      .replace('$(POD_IP)', ip)
      .replace('0.0.0.0', ip.includes(':') ? `[${ip}]` : ip)
      .replace(':9094', `:${port}`),
  );

const engines: RunningEngine[] = [];

afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.stop())));

test.each(['127.0.0.1', '::1'])('Alertmanagers in pods with the address %s find each other', async (ip) => {
  const ports = await freePorts(2);
  const host = ip.includes(':') ? `[${ip}]` : ip;
  const peers = ports.map((port) => `--cluster.peer=${host}:${port}`);
  for (const port of ports) {
    const config = { route: { receiver: 'a' }, receivers: [{ name: 'a' }] };
    engines.push(await startAlertmanager(config, { args: [...inPod(ip, port), ...peers] }));
  }
  const peersOf = async ({ url }: RunningEngine) => {
    const { cluster } = (await (await fetch(`${url}/api/v2/status`)).json()) as {
      cluster: { peers: { address: string }[] };
    };
    return cluster.peers.map(({ address }) => address).sort();
  };
  const expected = ports.map((port) => `${host}:${port}`).sort();

  expect(args).toHaveLength(2);
  for (const engine of engines) {
    const deadline = Date.now() + 30_000;
    while ((await peersOf(engine)).length < 2 && Date.now() < deadline) await sleep(200);
    expect(await peersOf(engine)).toEqual(expected);
  }
});
