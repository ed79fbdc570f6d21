import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { someOf } from '../support/properties';

const ROOT = resolve(__dirname, '../..');
const USAGE = 'usage: npm run import -- <files with CustomResourceDefinitions>';

const folder = mkdtempSync(join(tmpdir(), 'import-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'rule.yaml'), 'kind: PrometheusRule\n');
writeFileSync(join(folder, 'bad.yaml'), 'kind: CustomResourceDefinition\n  a: b: c\n');

const imports = () =>
  readdirSync(join(ROOT, 'imports')).map((name) => [name, readFileSync(join(ROOT, 'imports', name), 'utf8').length]);

// Each starts a program.
test.each(
  someOf<[string[], number, string]>([
    [['--help'], 0, USAGE],
    [[], 2, `error: expected at least one file\n\n${USAGE}`],
    [['--output', 'x'], 2, "error: Unknown option '--output'"],
    [['none.yaml', 'rule.yaml'], 2, 'none.yaml cannot be read: ENOENT'],
    [
      ['none.yaml', 'rule.yaml', '.'],
      2,
      'error: rule.yaml has no CustomResourceDefinition\nerror: . cannot be read: EISDIR',
    ],
    [['bad.yaml'], 1, 'error: cdk8s import failed; imports is unchanged'],
  ]),
)('npm run import -- %j prints a message without a stack trace, and writes nothing', (args, code, message) => {
  const before = imports();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/run.js', 'scripts/import.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: folder },
  });

  expect(stdout + stderr).toContain(message);
  expect(stdout + stderr).not.toMatch(/\n\s+at /);
  expect(status).toBe(code);
  expect(imports()).toEqual(before);
});
