import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../../lib/checks/findings';
import { LokiClient } from '../../lib/engines';
import { type Answer, lokiAlerts } from '../support/cli';
import { type FaultProxy, type RulerStage, startProxy, startRulerStage } from './ruler-stage';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const RULES = `groups:
  - name: alive
    rules:
      - alert: Alive
        expr: sum by (app) (count_over_time({app="web"} | logfmt | status >= 500 [5m])) > 5
        annotations: {title: 'too many errors'}
      - alert: Never
        expr: sum(count_over_time({app="wbe"} [5m])) > 0
      - alert: Renamed
        expr: sum(count_over_time({app="api"} |= "refused" [5m])) > 0
      - alert: Misspelled
        expr: sum by (path) (count_over_time({app="web"} | logfmt | statuss >= 500 [5m])) > 0
      - alert: NoParser
        expr: sum(count_over_time({app="web"} | status >= 500 [5m])) > 0
      - alert: Metadata
        expr: sum by (trace) (count_over_time({app="web"} [5m])) > 100000
      - alert: Broken
        expr: sum(sum_over_time({app="web"} | logfmt | unwrap path [5m])) > 0
      - alert: Series
        expr: sum by (id) (count_over_time({app="web"} | logfmt [5m])) > 1000
      # loki-alerts: waive stream-never-matched because the job runs once a year
      - alert: Yearly
        expr: sum(count_over_time({app="yearly"} [5m])) > 0
      - alert: Missing
        expr: absent_over_time({app="backup"}[5m])
      - alert: Gone
        expr: sum(count_over_time({app="backup"} |= "failed" [5m])) > 0
      - alert: Nightly
        expr: sum(count_over_time({app="report"} |= "failed" [5m])) > 0
      - alert: EitherLevel
        expr: sum(count_over_time({app="web"} | logfmt | lvl="error" or status="500" [5m])) > 0
`;

let stage: RulerStage;
let proxy: FaultProxy;
let folder: string;
const now = Date.now();

beforeAll(async () => {
  stage = await startRulerStage({ limits: { max_query_series: 20 } });
  proxy = await startProxy(stage.loki.url);
  folder = mkdtempSync(join(tmpdir(), 'check-loki-'));
  const at = (ago: number) => BigInt(now - ago) * 1_000_000n;
  const shop = new LokiClient(stage.loki.url, { tenant: 'shop' });
  await shop.push([
    {
      labels: { app: 'web', namespace: 'shop' },
      entries: Array.from(
        { length: 30 },
        // Errors two minutes ago: evaluations of the replay are at full minutes.
        (_, i) =>
          [
            at((i < 10 ? 150 - i : 30 - i) * 1000),
            `status=${i < 10 ? 500 : 200} path=/a id=${i}`,
            { trace: `${i % 3}` },
          ] as const,
      ),
    },
    { labels: { app: 'api', namespace: 'shop' }, entries: [[at(3 * DAY), 'refused']] },
    { labels: { application: 'api', namespace: 'shop' }, entries: [[at(2000), 'refused']] },
    { labels: { app: 'backup' }, entries: [[at(2 * DAY), 'done']] },
    { labels: { app: 'report' }, entries: [[at(9 * HOUR), 'done']] },
  ]);
  await new LokiClient(stage.loki.url, { tenant: 'bank' }).push([
    { labels: { app: 'api' }, entries: [[at(1000), 'refused']] },
  ]);
});
afterAll(async () => {
  await proxy?.stop();
  await stage?.stop();
  rmSync(folder, { recursive: true });
});

const check = (...args: string[]) => lokiAlerts(['check', 'rules.yaml', '--loki', proxy.url, ...args], folder);

function write(text: string): void {
  writeFileSync(join(folder, 'rules.yaml'), text);
}

/** Findings of `--loki` by alert, as `id: problem: fix`. */
function byAlert({ stdout }: Answer): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { id, subject = '', problem, fix } of (JSON.parse(stdout) as { findings: Finding[] }).findings) {
    const alert = /alert '(\w+)'/.exec(subject)?.[1] ?? subject;
    found[alert] = [...(found[alert] ?? []), `${id}: ${problem}: ${fix}`];
  }
  return found;
}

test('finds rules that are dead, and says why and since when', async () => {
  write(RULES);
  await lokiAlerts(['rules', 'sync', 'rules.yaml', '--loki', stage.loki.url, '--tenant', 'shop'], folder);
  await untilLoaded('shop', 13);
  const answer = await check('--tenant', 'shop', '--replay', '1h', '--format', 'json');
  expect(answer).toMatchObject({ status: 1, stderr: '' });
  const found = byAlert(answer);
  expect(found.Alive).toBeUndefined();
  expect(found.Never).toEqual([
    'stream-never-matched: {app="wbe"} matched no stream in the last 7d, so it is never true: no stream has app="wbe": correct the value of \'app\'; did you mean \'web\'?',
  ]);
  const [renamed = '', ...others] = found.Renamed ?? [];
  expect(others).toEqual([]);
  expect(renamed).toMatch(
    /^stream-gone: \{app="api"\} has matched no stream since about \S+Z: no stream has app="api", but 'application' has the value "api": if the label was renamed, use application="api"$/,
  );
  const since = Date.parse(/about (\S+):/.exec(renamed)?.[1] ?? '');
  expect(Math.abs(since - (now - 3 * DAY))).toBeLessThan(6 * 60_000);
  expect(found.Misspelled).toEqual([
    "field-missing: 'statuss' is neither a label nor a field of any of the 30 lines of the last 1h: correct the name; did you mean 'status'?",
  ]);
  expect(found.NoParser).toEqual([
    "field-missing: 'status' is neither a label nor a field of any of the 30 lines of the last 1h: extract it with | logfmt",
  ]);
  expect(found.Metadata).toBeUndefined();
  expect(found.Broken?.filter((each) => each.startsWith('evaluation-fails'))).toEqual([
    expect.stringContaining('Loki fails to evaluate it (400): pipeline error'),
  ]);
  expect(found.Series).toEqual([expect.stringContaining('series-over-limit: 30 series are compared')]);
  expect(found.Yearly).toBeUndefined();
  expect(found.Missing).toBeUndefined();
  expect(found.Gone).toEqual([
    expect.stringMatching(/^stream-gone: .*no stream has app="backup": check that its source still logs, or correct/),
  ]);
  // A job that ran nine hours ago is quiet, not gone.
  expect(found.Nightly).toBeUndefined();
  expect(found.EitherLevel).toBeUndefined();
  const { notes } = JSON.parse(answer.stdout) as { notes: { subject: string; problem: string }[] };
  expect(notes).toHaveLength(13);
  expect(notes[0]?.problem).toMatch(
    /^1 stream, 1 of at most 20 series; reads \d[\d.]* \w+ in \d+ms every 1m; loaded; would have fired once in 1h, 1 still firing$/,
  );
});

test('only reads', () => {
  expect(proxy.received.length).toBeGreaterThan(20);
  expect(new Set(proxy.received.map(({ method }) => method))).toEqual(new Set(['GET']));
});

test('finds rules that the ruler has not loaded, has in another version, or fails to evaluate', async () => {
  write(RULES);
  await lokiAlerts(['rules', 'sync', 'rules.yaml', '--loki', stage.loki.url, '--tenant', 'shop'], folder);
  await untilLoaded('shop', 13);
  write(
    RULES.replace('too many errors', 'many errors')
      .replace('[5m])) > 5', '[5m])) > 6')
      .replace('alert: Metadata', 'alert: New'),
  );
  // The ruler has evaluated each rule at least once.
  await sleep(3000);
  const found = byAlert(await check('--tenant', 'shop', '--replay', '0s', '--format', 'json'));
  expect(found.Alive).toEqual([
    'rule-outdated: the ruler has another version of it, in namespace \'rules\': expr, annotations.title: deploy the rules, e.g. with "loki-alerts rules sync"',
  ]);
  expect(found.New).toEqual([expect.stringContaining('rule-not-loaded: the ruler has not loaded it')]);

  const bank = byAlert(await check('--tenant', 'bank', '--replay', '0s', '--format', 'json'));
  expect(bank.Alive).toContainEqual(
    expect.stringContaining('rule-not-loaded: the ruler has loaded no rules of this tenant at all'),
  );
});

test('reports why the last evaluation in the ruler failed, and a limit of the group that may be exceeded', async () => {
  write(`groups:
  - name: limited
    limit: 2
    rules:
      - alert: Limited
        expr: sum by (id) (count_over_time({app="web"} | logfmt | id < 15 [1h])) > 0
`);
  await lokiAlerts(['rules', 'sync', 'rules.yaml', '--prune', '--loki', stage.loki.url, '--tenant', 'shop'], folder);
  await untilLoaded('shop', 1);
  await sleep(3000);
  const found = byAlert(await check('--tenant', 'shop', '--replay', '0s', '--format', 'json'));
  expect(found.Limited?.sort()).toEqual([
    expect.stringContaining('its last evaluation in the ruler failed'),
    expect.stringContaining(
      '15 series are compared with the threshold, and an evaluation may return 2 (limit of the group)',
    ),
  ]);
});

test('examines the rules of each tenant in its own logs', async () => {
  const tenant = (name: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, annotations: {loki-alerts/tenant: ${name}}}
data:
  api.yaml: |
    groups:
      - name: api
        rules:
          - {alert: Api, expr: 'sum(count_over_time({app="api"}[5m])) > 0'}
`;
  write([tenant('shop'), tenant('bank')].join('---\n'));
  const { stdout, status } = await check('--replay', '0s');
  expect(status).toBe(0);
  expect(stdout).toMatch(/warning: tenant 'shop': .*has matched no stream since about.*\[stream-gone\]/);
  expect(stdout).not.toMatch(/tenant 'bank': .*\[stream-/);
  expect(stdout).toMatch(/note: tenant 'bank': alert 'Api' in group 'api' of 'api.yaml': 1 stream/);
  expect((await check('--replay', '0s', '--strict')).status).toBe(1);
});

test('is paced: few requests at once, none twice, and it waits when Loki limits the rate', async () => {
  write(RULES);
  proxy.received.length = 0;
  let limited = 0;
  proxy.fault = ({ path }) =>
    path.startsWith('/loki/api/v1/series') && limited++ === 0
      ? { status: 429, body: 'slow down', headers: { 'Retry-After': '1' } }
      : undefined;
  const answer = await check('--tenant', 'shop', '--replay', '0s', '--format', 'json');
  expect(byAlert(answer).Never).toBeDefined();
  const paths = proxy.received.map(({ path }) => path);
  expect(paths.length - new Set(paths).size).toBe(1);
  proxy.fault = () => undefined;
});

test.each([
  ['the ruler API is off', ['/prometheus/api/v1/rules', '/loki/api/v1/rules'], 404],
  ['the token may only read logs', ['/prometheus/api/v1/rules', '/loki/api/v1/rules'], 403],
])('examines everything else if %s', async (_, off, status) => {
  write(RULES);
  proxy.fault = ({ path }) => (off.some((each) => path.startsWith(each)) ? { status, body: 'no' } : undefined);
  const answer = await check('--tenant', 'shop', '--replay', '0s', '--format', 'json');
  const found = byAlert(answer);
  expect(answer.stdout).toContain('its state in the ruler is unknown');
  expect(Object.values(found).flat()).not.toContainEqual(expect.stringMatching(/^rule-/));
  expect(found.Never).toHaveLength(1);
  proxy.fault = () => undefined;
});

test('a tenant without logs is probably the wrong one', async () => {
  write(RULES);
  const found = byAlert(await check('--tenant', 'other', '--replay', '0s', '--format', 'json'));
  expect(found.Never).toContainEqual(expect.stringContaining('this tenant has no streams at all: check --tenant'));
});

test('examines what an older Loki can answer', async () => {
  write(RULES);
  const newer = ['detected_fields', 'drilldown-limits', 'index/stats', 'format_query'];
  proxy.fault = ({ path }) =>
    newer.some((each) => path.startsWith(`/loki/api/v1/${each}`)) ? { status: 404, body: 'not found' } : undefined;
  const found = byAlert(await check('--tenant', 'shop', '--replay', '0s', '--format', 'json'));
  expect(found.Never).toContainEqual(expect.stringMatching(/^stream-never-matched/));
  expect(found.Misspelled).toContainEqual(expect.stringContaining("field-missing: 'statuss'"));
  proxy.fault = () => undefined;
});

test.each([
  ['an expired token', { status: 401, body: 'expired' }, /set LOKI_USERNAME and LOKI_PASSWORD, or LOKI_BEARER_TOKEN/],
  ['no access', { status: 403, body: 'no' }, /denied access \(403: no\): give the token access/],
  ['another server', { status: 404, body: 'not found' }, /no Loki at .*pass the base URL/],
  ['a login page', { status: 200, body: '<html>' }, /no Loki at .*not JSON/],
])('%s is an error with the fix', async (_, fault, message) => {
  write(RULES);
  proxy.fault = () => fault;
  const { status, stdout, stderr } = await check('--tenant', 'shop');
  proxy.fault = () => undefined;
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

/** Waits until the ruler has loaded this many rules of a tenant. */
async function untilLoaded(tenant: string, count: number): Promise<void> {
  const client = new LokiClient(stage.loki.url, { tenant });
  for (let i = 0; i < 100; i++) {
    const groups = await client.rules();
    if (groups.flatMap(({ rules }) => rules).length === count) return;
    await sleep(200);
  }
  throw new Error('the ruler has not loaded the rules');
}
