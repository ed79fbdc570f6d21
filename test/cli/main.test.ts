import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CHECK_IDS, CHECKS } from '../../lib/checks';

const BIN = resolve(__dirname, '../../bin/loki-alerts.js');
const GOOD = 'groups: [{name: g, rules: [{alert: A, expr: \'rate({app="x"}[5m]) > 1\'}]}]\n';

const configMapOf = (tenant: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: ${tenant}, annotations: {loki-alerts/tenant: ${tenant}}}
data: {r.yaml: ${JSON.stringify(GOOD)}}
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loki-alerts-main-'));
  writeFileSync(join(folder, 'good.yaml'), GOOD);
  writeFileSync(join(folder, 'odd.yaml'), GOOD.replace(' > 1', ''));
  writeFileSync(join(folder, 'bad.yaml'), GOOD.replace('rate', 'rat'));
  writeFileSync(
    join(folder, 'alertmanager.yml'),
    'route: {receiver: r}\nreceivers: [{name: r, telegram_configs: [{bot_token_file: a, chat_id: 5, timeout: 5s}]}]\n',
  );
  const rule = "{ alert: 'A', expr: 'vector(1) > 0' }";
  writeFileSync(
    join(folder, 'rules.ts'),
    `export const files: readonly object[] = [{ name: 'ts.yaml', groups: [{ name: 'g', rules: [${rule}] }] }];\nexport const other = 1;\n`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

function lokiAlerts(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('loki-alerts', () => {
  jest.setTimeout(60_000);

  test.each([
    [0, ['check', 'odd.yaml']],
    [1, ['check', 'odd.yaml', '--strict']],
    [1, ['check', 'bad.yaml', '--format', 'json']],
    [2, ['check', '--formt', 'json']],
    [0, ['check', 'alertmanager.yml', '--alertmanager-version', '0.35.0']],
    [1, ['check', 'alertmanager.yml', '--alertmanager-version', '0.34.1']],
    [2, ['check', 'alertmanager.yml', '--alertmanager-version', '0.27.0']],
    [0, ['check', '--list']],
    [2, ['check', '--list', '--format', 'sarif']],
    [0, ['explain', 'empty-group']],
    [2, ['explain', 'empty-grop']],
    [2, ['explain', '../../README']],
    [2, ['explain']],
  ])('exit code %i: %j', (code, args) => {
    const { status, stdout, stderr } = lokiAlerts(...args);
    expect({ status, trace: /\n\s+at /.test(stderr) }).toEqual({ status: code, trace: false });
    if (args.includes('json') && code === 1) {
      const { findings } = JSON.parse(stdout) as { findings: object[] };
      expect(findings).toEqual([
        expect.objectContaining({
          id: 'logql-syntax',
          severity: 'error',
          place: { file: 'bad.yaml', line: 1, column: 46, offset: 45 },
        }),
      ]);
    }
  });

  test('check --list shows every check once, as a table and as JSON', () => {
    const table = lokiAlerts('check', '--list').stdout.trimEnd().split('\n');
    expect(table[0]).toMatch(/^ID +SEVERITY +TOPIC +NEEDS +WAIVABLE +TITLE$/);
    expect(table.slice(1).map((row) => row.split(' ')[0])).toEqual(CHECK_IDS);
    expect(table).toContainEqual(expect.stringMatching(/^no-comparison +warning +rules +- +yes +alert without a cond/));
    expect(table).toContainEqual(expect.stringMatching(/^receiver-empty +warning +Alertmanager +- +- +receiver with/));

    const { checks } = JSON.parse(lokiAlerts('check', '--list', '--format', 'json').stdout) as {
      checks: { id: string; severity: string }[];
    };
    expect(checks.map(({ id, severity }) => [id, severity])).toEqual(
      Object.entries(CHECKS).map(([id, { severity }]) => [id, severity]),
    );
  });

  test('explain shows the page of a check, or the check that was probably meant', () => {
    const page = readFileSync(resolve(__dirname, '../../docs/checks/empty-group.md'), 'utf8');
    expect(lokiAlerts('explain', 'empty-group')).toEqual({ status: 0, stdout: page, stderr: '' });
    expect(lokiAlerts('explain', 'empty-grop')).toEqual({
      status: 2,
      stdout: '',
      stderr: `loki-alerts: unknown check "empty-grop": see loki-alerts check --list; did you mean 'empty-group'?\n`,
    });
    expect(lokiAlerts('explain', 'xyz').stderr).toBe(
      'loki-alerts: unknown check "xyz": see loki-alerts check --list\n',
    );
  });

  test('rules export writes what modules and YAML hold, once it is right', () => {
    expect(lokiAlerts('rules', 'export', 'rules.ts', 'good.yaml', '--out', 'out')).toMatchObject({
      status: 0,
      stdout: 'out/ts.yaml\nout/good.yaml\n',
    });
    expect(readFileSync(join(folder, 'out/good.yaml'), 'utf8')).toBe(
      'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: rate({app="x"}[5m]) > 1\n',
    );
    writeFileSync(join(folder, 'tenants.yaml'), ['shop', 'bank', '../x'].map(configMapOf).join('---\n'));
    expect(lokiAlerts('rules', 'export', 'tenants.yaml', '--out', 'out')).toMatchObject({
      status: 0,
      stdout: 'out/shop/r.yaml\nout/bank/r.yaml\nout/r.yaml\n',
    });
    // Nobody listens there, but the rules of one tenant were found to be right.
    const replayed = lokiAlerts(
      'replay',
      'tenants.yaml',
      '--tenant',
      'bank',
      '--since',
      '1h',
      '--loki',
      'http://127.0.0.1:9',
    );
    expect(replayed.stderr).toContain('no Loki answers');
    expect(lokiAlerts('replay', 'tenants.yaml', '--tenant', 'bnak', '--loki', 'http://127.0.0.1:9')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("no rules of tenant 'bnak': set --tenant to one of 'shop', 'bank', 'fake'"),
    });
    const refused = lokiAlerts('rules', 'export', 'bad.yaml', '--out', 'none');
    expect(refused).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('bad.yaml:1:') });
  });
});
