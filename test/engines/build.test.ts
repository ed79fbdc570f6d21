import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findEngine } from '../../lib/engines';
import { imageVersion } from '../../lib/versions/images';
import { useEmptyMachine } from './fake';
import { untilGone } from './until-gone';

const LOKI = imageVersion('loki');

const machine = useEmptyMachine();

/** Adds a Go toolchain that logs its builds; `work` is the script of a build, with the output file in `$2`. */
function addGo(work: string): void {
  machine.addProgram(
    'bin/go',
    `[ "$1" = build ] || exit 0
     echo "$@" >>${machine.dir}/builds
     while [ "$1" != -o ]; do shift; done
     ${work}`,
  );
}

const builds = () => readFileSync(join(machine.dir, 'builds'), 'utf8').trimEnd().split('\n');
const cache = () => readdirSync(join(machine.dir, 'cache', 'loki-alerts'));

test('builds the pinned version once, into the cache folder', async () => {
  addGo('echo program >"$2"');

  const engine = await findEngine('loki');
  const again = await findEngine('loki');

  const path = join(machine.dir, `cache/loki-alerts/loki-${LOKI}/loki`);
  expect(engine).toEqual({ name: 'loki', version: LOKI, source: 'go', path });
  expect(again).toEqual(engine);
  expect(builds()).toEqual([
    expect.stringMatching(/ -X \S+build\.Version=.* github.com\/grafana\/loki\/v3\/cmd\/loki$/),
  ]);
  expect(builds()).toEqual([expect.stringContaining(`build.Version=${LOKI} `)]);
  expect(cache()).toEqual([`loki-${LOKI}`]);
});

test('builds once for concurrent calls', async () => {
  addGo('/bin/sleep 0.3; echo program >"$2"');
  const messages: string[] = [];

  const progress = (message: string) => messages.push(message);
  const [first, second] = await Promise.all([findEngine('loki', { progress }), findEngine('loki', { progress })]);

  expect(first).toEqual(second);
  expect(builds()).toHaveLength(1);
  expect(messages).toContain(`waiting for another process that is preparing loki-${LOKI}`);
});

test("reports Go's error if a build fails, and leaves nothing behind", async () => {
  addGo('echo "main.go:1: syntax error" >&2; echo half >"$2"; exit 1');

  await expect(findEngine('promtail')).rejects.toThrow(
    /go build failed with exit code 1 in .+\nmain\.go:1: syntax error/,
  );
  expect(cache()).toEqual([]);
});

test('Ctrl-C during a build stops it and leaves nothing behind', async () => {
  addGo(`echo half >"$2"; echo $$ >${machine.dir}/pid; exec /bin/sleep 60`);
  const main = join(__dirname, '../../lib/engines/main.ts');
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', main, 'loki'], { env: process.env });
  // The shell creates the file before it writes to it.
  const written = () => existsSync(join(machine.dir, 'pid')) && readFileSync(join(machine.dir, 'pid'), 'utf8');
  while (!written()) await sleep(20);
  const pid = Number(written());

  child.kill('SIGINT');
  const [code, signal] = await once(child, 'exit');

  expect([code, signal]).toEqual([null, 'SIGINT']);
  await untilGone(pid);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expect(cache()).toEqual([]);
});
