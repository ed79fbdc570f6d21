import { execFileSync, spawnSync } from 'node:child_process';
import { program } from '../../lib/cli/main';
import { lokiAlerts } from '../support/cli';
import { tempFolder } from '../support/temp-folder';

const folder = tempFolder();

async function script(shell: string): Promise<string> {
  const { stdout } = await lokiAlerts(['completion', shell], folder.path);
  return folder.write(`completion.${shell}`, stdout);
}

/** Returns what bash offers for the last of these words. */
async function offered(...words: readonly string[]): Promise<string[]> {
  const path = await script('bash');
  const run = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _loki_alerts; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = execFileSync('bash', ['-c', run, path, 'loki-alerts', ...words], { cwd: folder.path, encoding: 'utf8' });
  return text.split('\n').filter((line) => line !== '');
}

test('bash completes all commands', async () => {
  const names = program({ stdout: process.stdout, stderr: process.stderr }).commands.map((command) => command.name());
  expect(await offered('')).toEqual(names);
  expect(await offered('exp')).toEqual(['explain']);
});

test.each([
  [['check', '--form'], ['--format']],
  [['check', 'rules', '-'], expect.arrayContaining(['--format', '-q', '--no-config', '--help'])],
  [
    ['check', '--format', ''],
    ['text', 'json', 'sarif', 'github'],
  ],
  [['check', '--format', '=', 's'], ['sarif']],
  [
    ['test', '--format', '='],
    ['text', 'json', 'junit', 'tap', 'sarif', 'github'],
  ],
  [['explain', 'no-c'], ['no-comparison']],
  [['rules', 'ex'], ['export']],
  [['rules', 'export', '--ou'], ['--out']],
  // Nothing, so that bash completes file names.
  [['check', ''], []],
  [['check', '--config', ''], []],
])('bash completes %j', async (words, expected) => {
  expect(await offered(...words)).toEqual(expected);
});

/** `test`, or one that is reported as skipped: not every machine has the shell. */
const testWith = (shell: string) => (spawnSync(shell, ['--version']).error ? test.skip : test);

describe.each(['zsh', 'fish'])('%s', (shell) => {
  testWith(shell)('accepts the script', async () => {
    const { status, stderr } = spawnSync(shell, ['-n', await script(shell)], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});

testWith('fish')('fish completes commands, options and their values', async () => {
  const path = await script('fish');
  const offers = (line: string) =>
    execFileSync('fish', ['--no-config', '-c', `source ${path}; complete -C "${line}"`], { encoding: 'utf8' });
  expect(offers('loki-alerts exp')).toMatch(/^explain\t/);
  expect(offers('loki-alerts check --format ').match(/^\w+/gm)?.sort()).toEqual(['github', 'json', 'sarif', 'text']);
  expect(offers('loki-alerts check --qui')).toMatch(/^--quiet\t/);
});
