import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient } from '../../lib/engines';
import { orEnded } from '../../lib/rule-tests/or-ended';

const never = new Promise<string>(() => {});
const loki = (exited: Promise<string>) => ({ exited, logs: () => 'last words' });

test('the end of Loki is told, also where the connection that it cut is seen first', async () => {
  const cut = Promise.reject(new TypeError('fetch failed'));
  const ended = sleep(50).then(() => 'signal SIGKILL');

  await expect(orEnded(cut, loki(ended))).rejects.toThrow(
    'Loki ended in the middle of the tests (signal SIGKILL):\nlast words',
  );
});

test('reports the end of Loki when its client finds no one to answer', async () => {
  // Nothing listens there.
  const refused = new LokiClient('http://127.0.0.1:2').series('{app="a"}');
  const ended = sleep(50).then(() => 'signal SIGKILL');

  await expect(orEnded(refused, loki(ended))).rejects.toThrow('Loki ended in the middle of the tests (signal SIGKILL)');
});

test('work that does not end is given up when Loki does', async () => {
  await expect(orEnded(never, loki(Promise.resolve('exit code 1')))).rejects.toThrow(/exit code 1/);
});

test('a failure of a Loki that goes on is told as it is', async () => {
  await expect(orEnded(Promise.reject(new TypeError('fetch failed')), loki(never))).rejects.toThrow('fetch failed');
  await expect(orEnded(Promise.reject(new Error('bad input')), loki(never))).rejects.toThrow('bad input');
});

test('what is done is handed over', async () => {
  await expect(orEnded(Promise.resolve(1), loki(never))).resolves.toBe(1);
});
