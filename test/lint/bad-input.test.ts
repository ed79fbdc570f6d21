import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { lokiAlerts } from '../support/cli';
import { tempFolder } from '../support/temp-folder';

const PROGRAM = join(__dirname, '../../bin/loki-alerts.js');
const BROKEN = `groups: [{ name: g, rules: [{ alert: Broken, expr: 'rate(' }] }]\n`;

const folder = tempFolder();
const { write } = folder;

/** Files and ids of the findings and notes of a folder. */
async function check(...paths: readonly string[]): Promise<string[]> {
  const { stdout } = await lokiAlerts(['check', '--format', 'json', ...paths], folder.path);
  const { findings, notes = [] } = JSON.parse(stdout) as Record<string, { id: string; place: { file: string } }[]>;
  return [...(findings ?? []), ...notes].map(({ id, place }) => `${place.file} ${id}`);
}

/** Aliases that expand to 9^9 values. */
function bomb(leaf: string): string {
  const lines = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`);
  return `a0: &a0 ${leaf}\n${lines.join('\n')}\n`;
}

// The last file shows that the check goes on.
beforeEach(() => write('z.yaml', BROKEN));

test('a file of 100 MB is a note in a folder, and an error by name', async () => {
  truncateSync(write('big.yaml', ''), 100_000_000);
  expect(await check('.')).toEqual(['z.yaml logql-syntax', 'big.yaml unreadable-file']);
  expect(await check('big.yaml')).toEqual(['big.yaml unreadable-file']);
});

test('binary files are notes, or errors if they look like rules', async () => {
  write('image.yaml', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]));
  write('nul.yaml', `${BROKEN}\0\0`);
  expect(await check('.')).toEqual(['nul.yaml yaml-syntax', 'z.yaml logql-syntax', 'image.yaml unreadable-file']);
});

test('links in a circle are followed once, and the files after them are read', async () => {
  write('a/a.yaml', BROKEN.replace('Broken', 'A'));
  symlinkSync('..', join(folder.path, 'a/loop'));
  symlinkSync('self.yaml', join(folder.path, 'self.yaml'));
  symlinkSync('missing.yaml', join(folder.path, 'broken.yaml'));
  expect(await check('.')).toEqual(['a/a.yaml logql-syntax', 'z.yaml logql-syntax', 'self.yaml unreadable-file']);
  expect(await check('self.yaml')).toEqual(['self.yaml unreadable-file']);
});

// Root may read everything.
const ordinary =
  process.getuid?.() === 0 && existsSync('/usr/bin/setpriv') ? ['setpriv', '--reuid', '65534', '--clear-groups'] : [];

test('a folder without permission is an error, and the rest is checked', () => {
  write('locked/rules.yaml', BROKEN);
  chmodSync(join(folder.path, 'locked'), 0);
  chmodSync(folder.path, 0o755);
  const [command = '', ...args] = [...ordinary, process.execPath, PROGRAM, 'check', '--quiet'];
  const { stdout, status } = spawnSync(command, args, { cwd: folder.path, encoding: 'utf8' });
  expect(stdout).toMatch(
    /^locked: error: cannot be read: EACCES.* \[unreadable-file\]\nz\.yaml:.* \[logql-syntax\]\n$/,
  );
  expect(status).toBe(1);
});

test('aliases that expand to billions of values are an error', async () => {
  write('rules.yaml', `${bomb('{ alert: A, expr: vector(1) > 0 }')}groups: [{ name: g, rules: *a9 }]\n`);
  write('alertmanager.yml', `${bomb('1')}route: { receiver: a }\nreceivers: [{ name: a }]\n`);
  expect(await check('rules.yaml')).toContain('rules.yaml yaml-type');
  expect(await check('.')).toEqual(
    expect.arrayContaining(['alertmanager.yml alertmanager-yaml', 'z.yaml logql-syntax']),
  );
});

test.each([
  ['templates that contain themselves', `{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}`],
  ['deep templates', '{{ if true }}'.repeat(5000)],
])('%s do not stop the check', async (_, text) => {
  const annotations = JSON.stringify({ a: text });
  write(
    'rules.yaml',
    `groups: [{ name: g, rules: [{ alert: A, expr: vector(1) > 0, annotations: ${annotations} }] }]\n`,
  );
  expect(await check('.')).toContain('z.yaml logql-syntax');
});

test('10,000 findings are counted, and the first ones shown', async () => {
  const rules = Array.from({ length: 10_000 }, (_, i) => `    - { alert: A${i}, expr: 'rate(' }`);
  write('rules.yaml', `groups:\n  - name: g\n    rules:\n${rules.join('\n')}\n`);
  const { stdout, status } = await lokiAlerts(['check'], folder.path);
  expect(stdout.split('\n').slice(-6)).toEqual([
    '… and 9001 more findings: --format json lists all',
    '',
    'rules.yaml  10000 errors',
    'z.yaml      1 error',
    '10001 errors in 2 files with 10001 rules',
    '',
  ]);
  expect(status).toBe(1);
});

test('a named pipe is read up to the limit', () => {
  const run = (size: number) =>
    spawnSync(
      'bash',
      [
        '-c',
        `"$0" "$1" check -q <(printf '%s\\n' "$2"; head -c ${size} /dev/zero | tr '\\0' '#')`,
        process.execPath,
        PROGRAM,
        BROKEN,
      ],
      {
        encoding: 'utf8',
      },
    ).stdout;
  expect(run(1)).toMatch(/\[logql-syntax\]\n$/);
  expect(run(100_000_000)).toMatch(/more than the limit of 10 MiB.* \[unreadable-file\]\n$/);
});
