import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CHECK_IDS, CHECKS } from '../../lib/checks';
import { lokiAlerts } from '../support/cli';

const ROOT = resolve(__dirname, '../..');
const RULES = `groups:\n- name: g\n  rules:\n    - {alert: A, expr: 'sum(rate({app="x"} |= "e" [5m])) > 1'}\n`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loki-alerts-main-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Each command once as a separate process; all other output is in test/transcripts. */
describe('as a program', () => {
  const run = (args: readonly string[], input = '') => {
    const program = [join(ROOT, 'bin/loki-alerts.js'), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, program, { cwd: folder, input, encoding: 'utf8' });
    return { status, stdout, stderr };
  };

  test('check reads standard input', () => {
    const input = `${RULES}    - {alert: B, expr: 'rat({app="x"}[5m]) > 1'}\n`;
    const { status, stdout } = run(['check', '-', '--format', 'json'], input);
    expect([status, JSON.parse(stdout)]).toEqual([
      1,
      {
        findings: [
          expect.objectContaining({ id: 'logql-syntax', place: expect.objectContaining({ file: '<stdin>', line: 5 }) }),
        ],
      },
    ]);
  });

  test('rules export loads TypeScript modules and YAML', () => {
    const rule = "{ alert: 'A', expr: 'vector(1) > 0' }";
    writeFileSync(
      join(folder, 'rules.ts'),
      `export const files: readonly object[] = [{ name: 'ts.yaml', groups: [{ name: 'g', rules: [${rule}] }] }];\nexport const other = 1;\n`,
    );
    writeFileSync(join(folder, 'good.yaml'), RULES);
    expect(run(['rules', 'export', 'rules.ts', 'good.yaml', '--out', 'out'])).toEqual({
      status: 0,
      stdout: 'out/ts.yaml\nout/good.yaml\n',
      stderr: '',
    });
    expect(readFileSync(join(folder, 'out/good.yaml'), 'utf8')).toBe(
      'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: sum(rate({app="x"} |= "e" [5m])) > 1\n',
    );
  });

  test.each([
    ['explain', ['empty-grop'], /did you mean 'empty-group'/],
    ['images', ['none'], /no manifests in none/],
    ['rules', ['export', 'none.yaml', '--out', 'out'], /^loki-alerts: no such file or folder: none\.yaml\n$/],
    ['rules', ['export', 'none.js', '--out', 'out'], /^loki-alerts: no such file or folder: none\.js\n$/],
    ['capacity', ['--lines-per-second', '2000'], /required option '--line-bytes/],
  ])('%s exits with 2 if it cannot run', (command, args, message) => {
    expect(run([command, ...args])).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
  });
});

test('check --list prints every check once, as a table and as JSON', async () => {
  const table = (await lokiAlerts(['check', '--list'], folder)).stdout.trimEnd().split('\n');
  expect(table[0]).toMatch(/^ID +LEVEL +TOPIC +NEEDS +WAIVABLE AT +VERSIONS +TITLE$/);
  expect(table.slice(1).map((row) => row.split(' ')[0])).toEqual(CHECK_IDS);
  expect(table).toContainEqual(
    expect.stringMatching(/^no-comparison +warning +rules +- +rule +- +alert without a cond/),
  );
  expect(table).toContainEqual(
    expect.stringMatching(/^receiver-empty +warning +Alertmanager +- +receiver +- +receiver with/),
  );

  const { status, stdout } = await lokiAlerts(['check', '--list', '--format', 'json'], folder);
  const { checks } = JSON.parse(stdout) as { checks: { id: string; severity: string }[] };
  expect(checks.map(({ id, severity }) => [id, severity])).toEqual(
    Object.entries(CHECKS).map(([id, { severity }]) => [id, severity]),
  );
  expect(status).toBe(0);
});

test.each(CHECK_IDS)('explain %s prints its page', async (id) => {
  const page = readFileSync(join(ROOT, `docs/checks/${id}.md`), 'utf8');
  expect(await lokiAlerts(['explain', id], folder)).toEqual({ status: 0, stdout: page, stderr: '' });
});
