import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
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
  const [{ results }] = JSON.parse(run(file, '--format', 'sarif').stdout).runs;
  expect(results).toEqual([
    expect.objectContaining({
      ruleId: 'rule-test-failed',
      message: { text: expect.stringMatching(/^test 'flood': Flood: firing alerts at 5m\n.*- expected/) },
      locations: [{ physicalLocation: expect.objectContaining({ region: { startLine: 7, startColumn: 56 } }) }],
    }),
  ]);
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
  expect(stdout).toMatch(/rules.yaml:1:\d+: error: alert 'Flood': no passing test in which it stays silent/);
  expect(status).toBe(1);
  const flood = /<testsuite name="coverage" .*\n.*name="alert 'Flood'"/;
  expect(run(write(RIGHT), '--require-coverage', '--format', 'junit').stdout).toMatch(flood);
  expect(run(write(RIGHT), '--coverage', '--format', 'junit').stdout).not.toMatch(flood);
  expect(run(write(RIGHT), '--require-coverage', '--format', 'tap').stdout).toMatch(/^not ok 2 - rules.yaml:1:/m);
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
  expect(run('init', '--require-coverage')).toMatchObject({ status: 0, stdout: expect.not.stringMatching(/^✗/m) });
  expect(run('--init', 'init/rules.yaml').status).toBe(2);
  expect(run('--init', 'init/rules.yaml', 'init/other.yaml')).toMatchObject({
    status: 2,
    stderr: 'loki-alerts: --init takes one rule file, got 2: run it once for each\n',
  });
});

test('one bad test file does not stop the others', () => {
  const folder = join(dir, 'mixed');
  mkdirSync(folder);
  write(RIGHT, 'mixed/good.test.yaml');
  cpSync(join(dir, 'rules.yaml'), join(folder, 'rules.yaml'));
  writeFileSync(join(folder, 'bad.test.yaml'), 'rule_files: [rules.yaml]\ntests: [{ alert_rule_tests: [] }]\n');
  writeFileSync(
    join(folder, 'rejected.test.yaml'),
    `tests: [{ input_streams: [{ labels: { app: ${'x'.repeat(3000)} }, lines: [a] }], logql_expr_test: [{ expr: '{app="a"}', eval_time: 1m }] }]\n`,
  );
  const { status, stdout, stderr } = run('mixed');
  expect(stdout).toMatch(/^✓ mixed\/good.test.yaml › flood .*\n1 test passed, others could not be run/);
  expect(stderr).toMatch(/^mixed\/bad.test.yaml:2:\d+: error: .*did you mean 'alert_rule_test'/);
  expect(stderr).toMatch(/^mixed\/rejected.test.yaml:1:\d+: error: .*Loki rejects the lines/m);
  expect(status).toBe(2);
  const { findings, tests } = JSON.parse(run('mixed', '--format', 'json').stdout);
  expect([findings.length, tests.length]).toEqual([2, 1]);
});

test('tests of expressions need no promtool, and --no-build names the missing engine', () => {
  const folder = join(dir, 'lines');
  mkdirSync(folder);
  const lines = `{ input_streams: [{ labels: { app: web }, lines: [a] }], logql_expr_test: [{ expr: 'sum(count_over_time({app="web"}[1m]))', eval_time: 0s, exp_samples: [{ value: 1 }] }] }`;
  writeFileSync(join(folder, 'lines.test.yaml'), `tests: [${lines}]\n`);
  // Without Go, Docker and the engines of earlier runs; the variable of Loki remains.
  const without = { PATH: '/nowhere', XDG_CACHE_HOME: folder, HOME: folder, PROMTOOL_BIN: '' };
  const { PROMTOOL_BIN: _, ...others } = env;
  const start = (...args: string[]) =>
    spawnSync(process.execPath, [PROGRAM, 'test', ...args], {
      encoding: 'utf8',
      cwd: dir,
      env: { ...others, ...without },
    });
  expect(start('lines', '--no-build')).toMatchObject({ status: 0, stderr: '' });
  expect(start(write(RIGHT), '--no-build')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(
      /error: promtool is not on this machine: set PROMTOOL_BIN to its path, put promtool on PATH/,
    ),
  });
});

describe('rules that an app writes', () => {
  const app = () => join(dir, 'app');
  const synth = (threshold: number) =>
    writeFileSync(
      join(app(), 'main.js'),
      `const { mkdirSync, writeFileSync } = require('node:fs');
const out = process.env.CDK8S_OUTDIR || 'dist';
mkdirSync(out, { recursive: true });
writeFileSync(out + '/rules.yaml', 'groups: [{ name: g, rules: [{ alert: A, expr: "sum(rate({app=\\\\"web\\\\"}[1m])) > ${threshold}" }] }]\\n');
`,
    );
  beforeAll(() => {
    mkdirSync(app());
    writeFileSync(join(app(), 'cdk8s.yaml'), 'app: node main.js\n');
    synth(1);
    spawnSync(process.execPath, ['main.js'], { cwd: app() });
  });

  test('--init writes its file where cdk8s synth does not delete it', () => {
    expect(run('--init', 'app/dist/rules.yaml').stdout).toBe('wrote app/rules.test.yaml\n');
    expect(run('app').status).toBe(0);
  });

  test('are tested only as the app writes them now', () => {
    utimesSync(join(app(), 'dist/rules.yaml'), 1, 1);
    expect(run('app').status).toBe(0);
    synth(1000);
    expect(run('app')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^app\/dist\/rules.yaml:1: error: is stale: .*: run cdk8s synth in app/),
    });
    spawnSync(process.execPath, ['main.js'], { cwd: app() });
    expect(run('app')).toMatchObject({ status: 1, stdout: expect.stringMatching(/✗ app\/rules.test.yaml › A fires/) });
  });

  test('cannot be tested if the app fails', () => {
    utimesSync(join(app(), 'dist/rules.yaml'), 1, 1);
    writeFileSync(join(app(), 'main.js'), 'throw new Error("no options")');
    expect(run('app')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/app\/cdk8s.yaml: error: the app failed: .*no options/s),
    });
  });
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

test('verify reports findings and test results as one document', () => {
  const app = join(dir, 'verified');
  mkdirSync(join(app, 'dist'), { recursive: true });
  const manifest = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: web }\n';
  writeFileSync(join(app, 'cdk8s.yaml'), 'app: cp -r manifests "$CDK8S_OUTDIR"\n');
  mkdirSync(join(app, 'manifests'));
  writeFileSync(join(app, 'manifests/a.yaml'), manifest);
  writeFileSync(join(app, 'dist/a.yaml'), manifest);
  writeFileSync(join(app, 'dist/old.yaml'), manifest);
  const file = write(WRONG, 'verified/flood.test.yaml');
  const text = readFileSync(join(dir, file), 'utf8');
  writeFileSync(join(dir, file), text.replace('rules.yaml', '../rules.yaml'));
  const verify = (...args: string[]) =>
    spawnSync(process.execPath, [PROGRAM, 'verify', 'verified', ...args], { encoding: 'utf8', cwd: dir, env });

  const json = verify('--format', 'json');
  expect(json).toMatchObject({ status: 1, stderr: '' });
  const { findings, tests, summary } = JSON.parse(json.stdout);
  expect(findings.map(({ id }: { id: string }) => id)).toEqual(['dist-stale', 'rule-test-failed']);
  expect([tests.length, summary.failed]).toEqual([1, 1]);

  const { results } = JSON.parse(verify('--format', 'sarif').stdout).runs[0];
  expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(['dist-stale', 'rule-test-failed']);

  writeFileSync(join(dir, file), 'rule_files: [none.yaml]\ntests: []\n');
  const broken = verify('--format', 'json');
  expect([broken.status, JSON.parse(broken.stdout).findings.length]).toEqual([2, 2]);
});
