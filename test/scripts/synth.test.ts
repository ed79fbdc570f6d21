import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { someOf } from '../support/properties';

const scripts = join(__dirname, '../../scripts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loki-alerts-synth-'));
  mkdirSync(join(folder, 'app/dist'), { recursive: true });
  writeFileSync(join(folder, 'app/dist/old.k8s.yaml'), 'old');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What an app does first; the cdk8s CLI sees it as a program that makes a folder. */
const MAKES_FOLDER = `const fs = require('fs'); fs.mkdirSync(process.env.CDK8S_OUTDIR);`;

function app(program: string): void {
  writeFileSync(join(folder, 'app/app.js'), program);
  writeFileSync(join(folder, 'app/cdk8s.yaml'), 'language: typescript\napp: node app.js\noutput: dist\n');
}

function synth(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(scripts, 'run.js'), join(scripts, 'synth.ts'), ...args],
    { encoding: 'utf8', env: { ...process.env, INIT_CWD: folder } },
  );
  return { status, stdout, stderr };
}

const dist = () => readdirSync(join(folder, 'app/dist'));

test('a folder is synthesized wherever it lies, and what is no longer written goes', () => {
  app(`${MAKES_FOLDER} fs.writeFileSync(process.env.CDK8S_OUTDIR + '/new.k8s.yaml', '')`);
  expect(synth('app')).toMatchObject({ status: 0, stdout: expect.stringContaining('app/dist/new.k8s.yaml') });
  expect(dist()).toEqual(['new.k8s.yaml']);
});

// Each starts three programs.
test.each(
  someOf([
    ['fails', `console.error('it says why'); process.exit(1)`, 'it says why'],
    ['does not synthesize', '', 'app expected to create "app/dist"'],
    ['writes nothing', MAKES_FOLDER, 'wrote no manifests'],
  ]),
)('an app that %s leaves dist as it was, and nothing beside it', (_what, program, said) => {
  app(program);
  const { status, stderr } = synth('app');
  expect(status).toBeGreaterThan(0);
  expect(stderr).toContain(said);
  expect(stderr).toContain('Nothing was synthesized; app/dist is as it was.');
  expect(readFileSync(join(folder, 'app/dist/old.k8s.yaml'), 'utf8')).toBe('old');
  expect(readdirSync(join(folder, 'app')).sort()).toEqual(['app.js', 'cdk8s.yaml', 'dist']);
});

test('Ctrl-C leaves dist as it was, and nothing beside it', async () => {
  app(`${MAKES_FOLDER} fs.writeFileSync('begun', ''); setTimeout(() => {}, 60_000)`);
  const program = [join(scripts, 'run.js'), join(scripts, 'synth.ts'), 'app'];
  const child = spawn(process.execPath, program, {
    env: { ...process.env, INIT_CWD: folder },
    // A group of its own: a terminal sends the signal to all of it.
    detached: true,
    stdio: 'ignore',
  });
  const exit = once(child, 'exit');
  while (!existsSync(join(folder, 'app/begun'))) await sleep(20);
  process.kill(-(child.pid as number), 'SIGINT');

  expect(await exit).toEqual([130, null]);
  expect(readdirSync(join(folder, 'app')).sort()).toEqual(['app.js', 'begun', 'cdk8s.yaml', 'dist']);
  expect(dist()).toEqual(['old.k8s.yaml']);
});

test.each([
  ['--help', 0],
  ['--version', 2],
  ['--stdout', 2],
  ['--output=foo', 2],
])('%s deletes nothing and says what can be written', (argument, code) => {
  app('');
  const { status, stdout, stderr } = synth('app', argument);
  expect(status).toBe(code);
  expect(stdout + stderr).toContain('usage: npm run synth [-- folder]');
  expect(stdout + stderr).not.toMatch(/\n\s+at /);
  expect(dist()).toEqual(['old.k8s.yaml']);
});
