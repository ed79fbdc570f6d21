import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packedPackage, ROOT } from './consumer';

/** Runs a tool of the repository on the package. @returns its exit code and output */
function tool(name: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin', name), [...args, packedPackage()], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
  });
  return { status, output: stdout + stderr };
}

test('has what users need, and nothing else', () => {
  const { stdout } = spawnSync('tar', ['--list', '--file', packedPackage()], { encoding: 'utf8' });
  const files = stdout.trim().split('\n');
  const tops = new Set(files.map((file) => file.split('/')[1]));

  expect([...tops].sort()).toEqual(
    [
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'plugin.js'],
      ...['bin', 'build', 'docs', 'engines', 'schemas'],
    ].sort(),
  );
  expect(files).toContain('package/build/THIRD-PARTY-NOTICES.md');
  expect(files.filter((file) => /\.test\.|^package\/docs\/api|\.tsx?$/.test(file.replace(/\.d\.ts$/, '')))).toEqual([]);
});

test('entries, formats and files are as Node and bundlers read them', () => {
  const { status, output } = tool('publint', '--strict');
  expect(output).toContain('All good!');
  expect(status).toBe(0);
});

test('types are found, and describe the module that is loaded, with every moduleResolution', () => {
  const { status, output } = tool('attw', '--profile', 'strict', '--no-emoji');
  expect(output).toContain('No problems found');
  expect(status).toBe(0);
});
