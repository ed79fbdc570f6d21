import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { useEmptyMachine, versionScript } from './fake';

const MAIN = join(__dirname, '../../lib/engines/main.ts');

const machine = useEmptyMachine();

function engines(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', 'tsx/cjs', MAIN, ...args], {
    encoding: 'utf8',
    env: process.env,
  });
  return { status, stdout, stderr };
}

test('without arguments, lists what is on the machine, and builds nothing', () => {
  machine.addProgram('bin/go', `echo "$@" >>${machine.dir}/go-was-called`);
  const path = machine.addProgram('bin/promtool', versionScript('promtool', '3.12.0'));
  const { status, stdout, stderr } = engines();

  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(new RegExp(`^promtool +3\\.12\\.0 +path +${path}$`, 'm'));
  expect(stdout).toMatch(/^loki +- +- +a build takes about \d+ minutes$/m);
  expect(stdout).toContain('npm run engines -- <names>, or --all');
  expect(existsSync(join(machine.dir, 'go-was-called'))).toBe(false);
});

test.each([
  [['--help'], 0, /^Usage: npm run engines/],
  [['--what'], 1, /^error: unknown option '--what'/],
  [['loki', 'foo'], 1, /^error: unknown engine: foo\. Use one of: loki, /],
])('%j prints a message without a stack trace', (args, code, message) => {
  const { status, stdout, stderr } = engines(...args);

  expect(status).toBe(code);
  expect(stdout + stderr).toMatch(message);
  expect(stdout + stderr).not.toMatch(/\n\s+at /);
});
