import { createServer } from 'node:net';
import { LOOPBACK } from '../../../lib/engines/ports';
import { synthObjects } from '../../manifests/synth';
import { podTest } from './pods-run';
import { engineProgram } from './program';
import { startPod } from './start';

const other = createServer((socket) => socket.destroy());
afterAll(() => other.close());

podTest('starts on another port if its port is taken in the meantime', async () => {
  const picked: number[] = [];
  const pod = await startPod(
    synthObjects(),
    { kind: 'StatefulSet', name: 'alertmanager' },
    {
      program: await engineProgram('alertmanager'),
      args: ({ http = 0 }) => {
        // Long before the program has started.
        if (picked.length === 0) other.listen(http, LOOPBACK);
        picked.push(http);
        return [`--web.listen-address=${LOOPBACK}:${http}`];
      },
    },
  );
  await pod.stop();

  expect(picked).toHaveLength(2);
  expect(pod.ports.http).toBe(picked[1]);
  expect(picked[1]).not.toBe(picked[0]);
});
