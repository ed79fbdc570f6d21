import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureEngines, quickLokiConfig, startLoki } from '../../lib/engines';
import { untilGone } from './until-gone';

let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  const { loki } = await ensureEngines(['loki']);
  environment = { ...process.env, LOKI_BIN: loki.path };
});

/** Starts a process that starts Loki. */
async function startParent(end: string) {
  const script = join(__dirname, 'interrupted.ts');
  const parent = spawn(process.execPath, ['--require', 'tsx/cjs', script, end], { env: environment });
  const exit = once(parent, 'exit');
  const [line] = await once(createInterface(parent.stdout), 'line');
  return { parent, exit, ...(JSON.parse(line) as { pid: number; dir: string }) };
}

test.each(['exit', 'throw'])('leaves nothing behind after %s', async (end) => {
  const { exit, pid, dir } = await startParent(end);

  expect(await exit).toEqual([end === 'exit' ? 3 : 1, null]);
  await untilGone(pid);
  expect(existsSync(dir)).toBe(false);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves nothing behind after %s', async (signal) => {
  const { parent, exit, pid, dir } = await startParent('wait');

  parent.kill(signal);

  expect(await exit).toEqual([null, signal]);
  await untilGone(pid);
  expect(existsSync(dir)).toBe(false);
});

// Needs util-linux's setpriv, which every Linux distribution except Alpine has.
test('after SIGKILL the engine dies, and the next process removes the folder', async () => {
  const { parent, exit, pid, dir } = await startParent('wait');

  parent.kill('SIGKILL');
  await exit;
  await untilGone(pid);
  expect(existsSync(dir)).toBe(true);

  const next = await startParent('exit');
  await next.exit;
  expect(existsSync(dir)).toBe(false);
});

test('reports how an engine died', async () => {
  const loki = await startLoki((place) => quickLokiConfig(place));

  process.kill(loki.pid, 'SIGKILL');

  expect(await loki.exited).toBe('signal SIGKILL');
  await loki.stop();
  expect(existsSync(loki.dir)).toBe(false);
});
