import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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

/** Creates the output folder, like an app. */
const CREATE_FOLDER = `const fs = require('fs'); fs.mkdirSync(process.env.CDK8S_OUTDIR);`;

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

test('synthesizes any folder, and removes obsolete manifests', () => {
  app(`${CREATE_FOLDER} fs.writeFileSync(process.env.CDK8S_OUTDIR + '/new.k8s.yaml', '')`);
  expect(synth('app')).toMatchObject({ status: 0, stdout: expect.stringContaining('app/dist/new.k8s.yaml') });
  expect(dist()).toEqual(['new.k8s.yaml']);
});

// Each starts three programs.
test.each(
  someOf([
    ['fails', `console.error('the reason'); process.exit(1)`, 'the reason'],
    ['does not synthesize', '', 'app expected to create "app/dist"'],
    ['writes nothing', CREATE_FOLDER, 'wrote no manifests'],
  ]),
)('leaves dist unchanged, and no other files, if an app %s', (_what, program, message) => {
  app(program);
  const { status, stderr } = synth('app');
  expect(status).toBeGreaterThan(0);
  expect(stderr).toContain(message);
  expect(stderr).toContain('error: synthesis failed; app/dist is unchanged');
  expect(readFileSync(join(folder, 'app/dist/old.k8s.yaml'), 'utf8')).toBe('old');
  expect(readdirSync(join(folder, 'app')).sort()).toEqual(['app.js', 'cdk8s.yaml', 'dist']);
});

test('reports a folder that may not be written, without a stack trace', () => {
  app(`${CREATE_FOLDER} fs.writeFileSync(process.env.CDK8S_OUTDIR + '/new.k8s.yaml', '')`);
  chmodSync(join(folder, 'app'), 0o500);
  const program = [process.execPath, join(scripts, 'run.js'), join(scripts, 'synth.ts'), 'app'];
  // Permissions do not apply to root, unless it gives up this capability.
  const limited = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override', ...program] : program;
  const [command = '', ...args] = limited;
  const { status, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: folder },
  });
  chmodSync(join(folder, 'app'), 0o700);

  expect(stderr).toMatch(/^error: app\/dist cannot be written, and is unchanged: EACCES: .*\n$/);
  expect(status).toBe(1);
  expect(dist()).toEqual(['old.k8s.yaml']);
});

test('leaves dist unchanged, and no other files, after Ctrl-C', async () => {
  app(`${CREATE_FOLDER} fs.writeFileSync('started', ''); setTimeout(() => {}, 60_000)`);
  const program = [join(scripts, 'run.js'), join(scripts, 'synth.ts'), 'app'];
  const child = spawn(process.execPath, program, {
    env: { ...process.env, INIT_CWD: folder },
    // In its own process group: a terminal sends the signal to the whole group.
    detached: true,
    stdio: 'ignore',
  });
  const exit = once(child, 'exit');
  while (!existsSync(join(folder, 'app/started'))) await sleep(20);
  process.kill(-(child.pid as number), 'SIGINT');

  expect(await exit).toEqual([130, null]);
  expect(readdirSync(join(folder, 'app')).sort()).toEqual(['app.js', 'cdk8s.yaml', 'dist', 'started']);
  expect(dist()).toEqual(['old.k8s.yaml']);
});

test.each([
  ['--help', 0],
  ['--version', 2],
  ['--stdout', 2],
  ['--output=foo', 2],
])('%s prints the usage and deletes nothing', (argument, code) => {
  app('');
  const { status, stdout, stderr } = synth('app', argument);
  expect(status).toBe(code);
  expect(stdout + stderr).toContain('usage: npm run synth [-- folder]');
  expect(stdout + stderr).not.toMatch(/\n\s+at /);
  expect(dist()).toEqual(['old.k8s.yaml']);
});
