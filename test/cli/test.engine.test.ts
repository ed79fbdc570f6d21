import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureEngines } from '../../lib/engines';

const PROGRAM = resolve('bin/loki-alerts.js');

const dir = mkdtempSync(join(tmpdir(), 'cli-test-'));
/** Folder for the temporary files of the engines, which must be empty afterwards. */
const temp = join(dir, 'temp');
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  mkdirSync(temp);
  const { loki, promtool, alertmanager } = await ensureEngines(['loki', 'promtool', 'alertmanager']);
  const paths = { LOKI_BIN: loki.path, PROMTOOL_BIN: promtool.path, ALERTMANAGER_BIN: alertmanager.path };
  env = { ...process.env, ...paths, TMPDIR: temp, NO_COLOR: '1' };
});
afterAll(() => rmSync(dir, { recursive: true }));
// tsx has its cache there, too.
afterEach(() => expect(readdirSync(temp).filter((name) => !name.startsWith('tsx-'))).toEqual([]));

function run(...args: string[]) {
  return spawnSync(process.execPath, [PROGRAM, 'test', ...args], { encoding: 'utf8', cwd: dir, env });
}

/** A rule file and a test file with one expectation. */
function write(expectation: string, file = 'flood.test.yaml'): string {
  writeFileSync(
    join(dir, 'rules.yaml'),
    `groups: [{ name: g, rules: [{ alert: Flood, expr: 'sum by (app) (rate({app="web"}[1m])) > 1', for: 1m, labels: { severity: warning } }] }]\n`,
  );
  writeFileSync(
    join(dir, file),
    `rule_files: [rules.yaml]
tests:
  - name: flood
    input_streams:
      - { labels: { app: web }, lines: [{ to: 5m, rate: 2/s, line: 'GET /{{n}}' }] }
    alert_rule_test:
      - { eval_time: 5m, alertname: Flood, ${expectation} }
`,
  );
  return file;
}

const RIGHT = 'exp_alerts: [{ exp_labels: { app: web, severity: warning } }]';
const WRONG = 'exp_alerts: [{ exp_labels: { app: web, severity: critical } }]';

test('exit code 0 if all tests pass', () => {
  const { status, stdout } = run(write(RIGHT));
  expect(stdout).toMatch(
    /^✓ flood.test.yaml › flood \(\d+\.\d\d s\)\n1 test passed in .* \(loki \S+, promtool \S+\)\n$/,
  );
  expect(status).toBe(0);
});

test('exit code 1 if a test fails; --update makes it pass', () => {
  const file = write(WRONG);
  const failed = run(file);
  expect(failed.stdout).toMatch(/- {5}severity: critical\n.*\+ {5}severity: warning/);
  expect(failed.status).toBe(1);

  expect(run(file, '--update').stderr).toMatch(/updated 1 expectation in flood.test.yaml/);
  expect(readFileSync(join(dir, file), 'utf8')).toMatch(/severity: warning/);
  expect(run(file).status).toBe(0);
});

test('exit code 2 if no test can be run', () => {
  expect(run(write('exp_alert: []'))).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/flood.test.yaml:7:44: error: .*did you mean 'exp_alerts'/),
  });
  expect(run('none.yaml')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/none.yaml: error: no such file or folder/),
  });
  expect(run(write(RIGHT), '--filter', 'nothing')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/matches no test/),
  });
  expect(run(write(RIGHT), '--format', 'html').status).toBe(2);
});

test('exit code 2 for a missing or unusable engine, with the fix', () => {
  const broken = spawnSync(process.execPath, [PROGRAM, 'test', write(RIGHT)], {
    encoding: 'utf8',
    cwd: dir,
    env: { ...env, LOKI_BIN: '/nowhere/loki' },
  });
  expect(broken.stderr).toMatch(/LOKI_BIN/);
  expect(broken.status).toBe(2);
});

test('writes JSON, JUnit, TAP and GitHub annotations', () => {
  const file = write(WRONG);
  const { engines, summary, tests } = JSON.parse(run(file, '--format', 'json').stdout);
  expect(engines).toMatchObject({ loki: expect.any(String), promtool: expect.any(String) });
  expect(summary).toMatchObject({ tests: 1, failed: 1 });
  expect(tests[0]).toMatchObject({ file, line: 3, name: 'flood', status: 'failed' });
  expect(run(file, '--format', 'junit').stdout).toMatch(
    /<testsuites .*failures="1"[\s\S]*<failure message="Flood: firing alerts at 5m">/,
  );
  expect(run(file, '--format', 'tap').stdout).toMatch(/^TAP version 14\n1\.\.1\nnot ok 1 - flood.test.yaml › flood\n/);
  expect(run(file, '--format', 'github').stdout).toMatch(
    /^::error file=flood.test.yaml,line=7,col=\d+,title=flood::Flood: firing alerts at 5m%0A/m,
  );
});

test('--require-coverage requires a test in which an alert fires, and one in which it does not', () => {
  const { status, stdout } = run(write(RIGHT), '--require-coverage');
  expect(stdout).toMatch(/rules.yaml:1:\d+: warning: alert 'Flood': no passing test in which it stays silent/);
  expect(status).toBe(1);
});

test('--require-coverage does not require that an alert without log queries does not fire', () => {
  const folder = join(dir, 'always');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'rules.yaml'),
    "groups: [{ name: g, rules: [{ alert: Watchdog, expr: 'vector(1)', labels: { severity: info } }] }]",
  );
  const fires = '{ eval_time: 1m, alertname: Watchdog, exp_state: firing }';
  writeFileSync(
    join(folder, 'rules.test.yaml'),
    `rule_files: [rules.yaml]\ntests: [{ name: fires, input_streams: [], alert_rule_test: [${fires}] }]`,
  );
  const { status, stdout } = run('always', '--require-coverage');
  expect([status, stdout]).toEqual([0, expect.stringMatching(/every alert has a test/)]);
});

test('--init writes tests that pass for typical rules, and never overwrites a file', () => {
  const folder = join(dir, 'init');
  mkdirSync(folder);
  cpSync('examples/rule-tests/rules.yaml', join(folder, 'rules.yaml'));
  const { status, stdout } = run('--init', 'init/rules.yaml');
  expect([status, stdout]).toEqual([0, 'wrote init/rules.test.yaml\n']);
  // Only the content of a parsed field cannot be guessed.
  expect(run('init').stdout.match(/^✗.*/gm)).toEqual([expect.stringMatching(/SlowRequests fires/)]);
  expect(run('--init', 'init/rules.yaml').status).toBe(2);
});

test('--watch runs again after an edit, with the same engines', async () => {
  const file = write(WRONG);
  const child = spawn(process.execPath, [PROGRAM, 'test', '--watch', file], { cwd: dir, env });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const until = async (pattern: RegExp) => {
    while (!pattern.test(output)) await sleep(20);
  };
  await until(/\d failed, \d passed/);
  write(RIGHT);
  await until(/1 test passed/);
  await end(child, 'SIGINT');
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s during a run leaves no files behind', async (signal) => {
  write(RIGHT, 'a.test.yaml');
  const child = spawn(process.execPath, [PROGRAM, 'test', '--watch', 'a.test.yaml'], { cwd: dir, env });
  await once(createInterface(child.stdout), 'line');
  await end(child, signal);
});

// Linux only, because of pgrep.
test('exit code 2 for an engine that ends during a run, with its last output', async () => {
  const test = (i: number) =>
    `  - { input_streams: [{ labels: { app: web }, lines: [{ to: 1h, rate: 50/s, line: '${i} {{n}}' }] }], ${look} }`;
  const look = 'alert_rule_test: [{ eval_time: 1h, alertname: Flood, exp_state: firing }]';
  write(RIGHT);
  writeFileSync(
    join(dir, 'many.test.yaml'),
    `rule_files: [rules.yaml]\ntests:\n${Array.from({ length: 50 }, (_, i) => test(i)).join('\n')}\n`,
  );
  const child = spawn(process.execPath, [PROGRAM, 'test', 'many.test.yaml'], { cwd: dir, env });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const exit = once(child, 'exit');
  // After the first result, Loki is evaluating the others.
  await once(createInterface(child.stdout), 'line');
  const { stdout } = spawnSync('pgrep', ['--parent', `${child.pid}`, 'loki'], { encoding: 'utf8' });
  process.kill(Number(stdout), 'SIGKILL');

  expect(await exit).toEqual([2, null]);
  expect(errors).toMatch(/Loki exited during the tests \(signal SIGKILL\)/);
});

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = once(child, 'exit');
  child.kill(signal);
  expect(await exit).toEqual([null, signal]);
}
