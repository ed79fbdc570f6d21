import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

const ROOT = resolve(__dirname, '../..');
const FIXTURE = join(__dirname, 'fixtures/loki-stack');

const project = realpathSync(mkdtempSync(join(tmpdir(), 'loki-alerts-')));
const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'loki-alerts-')));
afterAll(() => {
  rmSync(project, { recursive: true });
  rmSync(elsewhere, { recursive: true });
});

const installed = join(project, 'node_modules/loki-alerts');

/** The layout of `npm install`: the package, and its dependencies next to it. */
beforeAll(() => {
  mkdirSync(installed, { recursive: true });
  for (const part of readdirSync(ROOT).filter((name) => !/^\.|^(node_modules|test|dist|docs|examples)$/.test(name))) {
    cpSync(join(ROOT, part), join(installed, part), { recursive: true });
  }
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter((name) => name !== 'loki-alerts')) {
    symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name));
  }
});

const migrate = (cwd: string, out: string) =>
  spawnSync(process.execPath, [join(installed, 'bin/loki-alerts.js'), 'migrate', FIXTURE, '--out', out], {
    encoding: 'utf8',
    cwd,
  });

test('an installed package writes an app to any folder of the project, and the app synthesizes', () => {
  const { status, stdout, stderr } = migrate(project, 'apps/my-alerts');
  const [, next = ''] = /^Next: .*cd \S+ && (.*?);/m.exec(stdout) ?? [];

  expect([status, stderr]).toEqual([0, '']);
  expect(next).toBe('node -r loki-alerts/run main.ts');
  const [, ...args] = next.split(' ');
  const app = join(project, 'apps/my-alerts');
  expect(parse(readFileSync(join(app, 'cdk8s.yaml'), 'utf8'))).toEqual({
    language: 'typescript',
    app: next,
    output: 'dist',
  });
  expect(spawnSync(process.execPath, args, { encoding: 'utf8', cwd: app })).toMatchObject({ status: 0 });
  expect(readdirSync(join(app, 'dist'))).not.toEqual([]);
});

test('writes nothing to a folder in which the app would not find the library, and suggests another', () => {
  const { status, stderr } = migrate(elsewhere, 'my-alerts');

  expect(status).toBe(2);
  expect(stderr).toContain(`use a folder in ${project}`);
  expect(existsSync(join(elsewhere, 'my-alerts'))).toBe(false);
});
