import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient } from '../../lib/engines';
import { orEnded } from '../../lib/rule-tests/or-ended';

const never = new Promise<string>(() => {});
const loki = (exited: Promise<string>) => ({ exited, logs: () => 'last line' });

test('reports the exit of Loki, even if the lost connection is noticed first', async () => {
  const cut = Promise.reject(new TypeError('fetch failed'));
  const ended = sleep(50).then(() => 'signal SIGKILL');

  await expect(orEnded(cut, loki(ended))).rejects.toThrow('Loki exited during the tests (signal SIGKILL):\nlast line');
});

test('reports the exit of Loki when its client gets no response', async () => {
  // Nothing listens there.
  const refused = new LokiClient('http://127.0.0.1:2').series('{app="a"}');
  const ended = sleep(50).then(() => 'signal SIGKILL');

  await expect(orEnded(refused, loki(ended))).rejects.toThrow('Loki exited during the tests (signal SIGKILL)');
});

test('rejects pending work when Loki exits', async () => {
  await expect(orEnded(never, loki(Promise.resolve('exit code 1')))).rejects.toThrow(/exit code 1/);
});

test('passes on an error while Loki keeps running', async () => {
  await expect(orEnded(Promise.reject(new TypeError('fetch failed')), loki(never))).rejects.toThrow('fetch failed');
  await expect(orEnded(Promise.reject(new Error('bad input')), loki(never))).rejects.toThrow('bad input');
});

test('returns the result of the work', async () => {
  await expect(orEnded(Promise.resolve(1), loki(never))).resolves.toBe(1);
});
