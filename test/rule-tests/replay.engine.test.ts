import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogEntry, LokiClient, quickLokiConfig, type RunningEngine, startLoki } from '../../lib/engines';
import { RemoteLoki } from '../../lib/remote-loki/remote-loki';
import { replay } from '../../lib/rule-tests/replay';
import { readRules } from '../../lib/rules/read';
import { lokiAlerts } from '../support/cli';

const MINUTE = 60_000;

const RULES = `groups:
  - name: g
    rules:
      - { alert: Flood, expr: 'sum by (app) (count_over_time({app="web"}[1m])) > 5', for: 2m, labels: { severity: '{{ query (printf "count_over_time({app=%q}[1m])" .Labels.app) | first | value }}' }, annotations: { text: '{{ query "{}" }}' } }
      - { alert: Quiet, expr: 'sum by (app) (count_over_time({app="web"} |= "panic" [1m])) > 0' }
      - { alert: Broken, expr: 'sum(sum_over_time({app="web"} | logfmt | unwrap text [1m])) > 0' }
`;

let loki: RunningEngine;
/** A full minute, so that the times of evaluations are known. */
const end = Math.floor(Date.now() / MINUTE) * MINUTE - MINUTE;
const dir = mkdtempSync(join(tmpdir(), 'replay-'));

beforeAll(async () => {
  // One query over the whole time range would exceed the limit.
  loki = await startLoki(({ dir: place }) => {
    const config = quickLokiConfig({ dir: place }) as { limits_config: object };
    return { ...config, limits_config: { ...config.limits_config, max_query_length: '20m' } };
  });
  const start = BigInt(end - 60 * MINUTE) * 1_000_000n;
  const at = (minute: number, n: number): LogEntry => [
    start + BigInt(minute * 60 + n) * 1_000_000_000n,
    `n=${n} text=word`,
  ];
  // Two floods: minutes 10 to 20, and 40 to the end.
  const minutes = Array.from({ length: 60 }, (_, minute) => minute);
  const entries = minutes.flatMap((minute) => {
    const lines = (minute >= 10 && minute < 20) || minute >= 40 ? 10 : 2;
    return Array.from({ length: lines }, (_, n) => at(minute, n + 1));
  });
  await new LokiClient(loki.url).push([{ labels: { app: 'web' }, entries }]);
});
afterAll(async () => {
  await loki?.stop();
  rmSync(dir, { recursive: true });
});

test('reports which alerts would have fired, with times and labels, within the limits of Loki', async () => {
  const [flood, quiet, broken] = await replay(new RemoteLoki({ url: loki.url }), readRules(RULES, 'rules.yaml'), {
    fromMs: end - 60 * MINUTE,
    toMs: end,
  });

  const at = (minute: number) => end - (60 - minute) * MINUTE;
  const labels = { app: 'web', severity: '10' };
  // Above the threshold from minute 11 on, since a range ends at its evaluation; `for` is two minutes.
  expect(flood?.episodes).toEqual([
    { labels, fromMs: at(13), untilMs: at(21) },
    { labels, fromMs: at(43) },
  ]);
  expect(quiet?.episodes).toEqual([]);
  expect(broken?.error).toMatch(/pipeline error/);
});

test('prints times and a plot, and fails only if a rule cannot be evaluated', () => {
  const rules = join(dir, 'rules.yaml');
  writeFileSync(rules, RULES.replace(/.*Broken.*\n/, ''));
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['bin/loki-alerts.js', 'replay', ...args], { encoding: 'utf8' });

  const { status, stdout } = run('--loki', loki.url, '--since', '1h', '--until', new Date(end).toISOString(), rules);
  expect(stdout).toMatch(
    /█ Flood would have fired 2 times, for 1 label set\n {4}\S+ until \S+ \(8m\) {2}\{app="web", severity="10"\}/,
  );
  expect(stdout).toMatch(/· Quiet would not have fired/);
  expect(status).toBe(0);

  const unreachable = run('--loki', 'http://127.0.0.1:9', rules);
  expect(unreachable.stderr).toMatch(/no Loki answers at http:\/\/127.0.0.1:9/);
  expect(unreachable.status).toBe(2);
});

test('replays manifests at the evaluation interval of their ruler', async () => {
  const configMap = (name: string, data: object) =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
  const manifest = join(dir, 'logging.k8s.yaml');
  // All lines are in the first ten seconds of a minute: evaluations at full minutes see none.
  const rule = { alert: 'Edge', expr: 'sum(count_over_time({app="web"}[15s])) < 10' };
  const data = { 'shop.yaml': JSON.stringify({ groups: [{ name: 'g', rules: [rule] }] }) };
  const lokiConfig = configMap('loki', { 'config.yaml': 'ruler: { evaluation_interval: 15s }' });
  writeFileSync(manifest, `${configMap('loki-rules', data)}\n---\n${lokiConfig}\n`);
  const until = new Date(end).toISOString();
  const args = ['replay', manifest, '--loki', loki.url, '--since', '1h', '--until', until, '--format', 'json'];
  const { stdout, stderr } = await lokiAlerts(args, dir);
  expect(stderr).toMatch(/^groups without an interval are evaluated every 15s, as in logging.k8s.yaml\n/);
  const firings = (text: string) => JSON.parse(text).alerts[0].firings;
  expect(firings(stdout).length).toBeGreaterThan(10);
  const other = await lokiAlerts([...args, '--evaluation-interval', '1m'], dir);
  expect([other.stderr, firings(other.stdout)]).toEqual(['', []]);
});
