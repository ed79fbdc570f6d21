import { setTimeout as sleep } from 'node:timers/promises';
import {
  ensureEngines,
  type LogEntry,
  LokiClient,
  quickLokiConfig,
  type RunningEngine,
  startLoki,
} from '../../lib/engines';
import { useTester } from './tester';

/** The state of an alert in a running ruler after one evaluation. */
interface Observed {
  readonly alert: string;
  readonly step: number;
  readonly state: string;
}

const SECONDS = 22;

// The first alert fires from the first evaluation on: its activeAt is the exact time of an evaluation.
const RULES = `groups:
  - name: g
    interval: 1s
    rules:
      - { alert: Clock, expr: 'vector(1) > 0' }
      - { alert: Flood, expr: 'sum by (app) (count_over_time({app=~"a|b"}[3s])) > 5', for: 5s }
      - { alert: Ratio, expr: 'sum by (app) (rate({app="a"} |= "error" [4s])) / sum by (app) (rate({app="a"}[4s])) > 0.3', for: 2s }
      - { alert: Silent, expr: 'absent_over_time({app="a"}[3s])', for: 2s }
      - { alert: Slow, expr: 'avg_over_time({app="b"} | json | __error__="" | unwrap took | __error__="" [3s]) by (route) > 2', for: 1s }
`;

/** Lines with their time in milliseconds: bursts, gaps, errors, an invalid line. */
const LINES: readonly (readonly [app: 'a' | 'b', ms: number, line: string])[] = [
  ...Array.from({ length: 50 }, (_, i) => ['a', 200 + i * 200, `info ${i}`] as const),
  ...Array.from({ length: 25 }, (_, i) => ['a', 4100 + i * 250, `error ${i}`] as const),
  ...Array.from({ length: 8 }, (_, i) => ['a', 16_050 + i * 500, `info again ${i}`] as const),
  ...Array.from(
    { length: 40 },
    (_, i) => ['b', 3000 + i * 350, `{"route": "/${i % 2}", "took": ${i < 25 ? (i % 2) * 5 : 1}}`] as const,
  ),
  ['b', 9000, 'no json'],
];

const run = useTester();
let loki: RunningEngine;

beforeAll(async () => {
  const { loki: engine } = await ensureEngines(['loki']);
  const ruler = { evaluation_interval: '1s', poll_interval: '1s' };
  loki = await startLoki(({ dir }) => quickLokiConfig({ dir, ruler }), {
    engine,
    files: { 'rules/fake/rules.yaml': RULES },
  });
});
afterAll(() => loki?.stop());

interface RuleState {
  readonly name: string;
  readonly state: string;
  readonly lastEvaluation: string;
  readonly alerts: readonly { readonly activeAt: string }[];
}

async function rules(): Promise<readonly RuleState[]> {
  const response = await fetch(`${loki.url}/prometheus/api/v1/rules`);
  const { data } = (await response.json()) as { data: { groups: { rules: RuleState[] }[] } };
  return data.groups.flatMap((group) => group.rules);
}

/** Returns the time of an evaluation, Unix nanoseconds. */
async function anEvaluation(): Promise<bigint> {
  for (;;) {
    const clock = (await rules()).find(({ name }) => name === 'Clock')?.alerts[0];
    const [, second = '', fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(clock?.activeAt ?? '') ?? [];
    if (second) return BigInt(Date.parse(`${second}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
    await sleep(50);
  }
}

test('has the same state changes as a real ruler in real time', async () => {
  const evaluation = await anEvaluation();
  const second = 1_000_000_000n;
  // All lines are pushed before their time, so that no evaluation misses one.
  const zero = evaluation + ((BigInt(Date.now()) * 1_000_000n - evaluation) / second + 3n) * second;
  const client = new LokiClient(loki.url);
  for (const app of ['a', 'b']) {
    const entries = LINES.filter(([of]) => of === app).map(
      ([, ms, line]): LogEntry => [zero + BigInt(ms) * 1_000_000n, line],
    );
    await client.push([{ labels: { app }, entries: entries.sort((x, y) => Number(x[0] - y[0])) }]);
  }

  const observed = new Map<string, Observed>();
  const startMs = Number(zero / 1_000_000n);
  while (Date.now() < startMs + (SECONDS + 1) * 1000) {
    for (const { name, state, lastEvaluation } of await rules()) {
      const step = Math.floor((Date.parse(lastEvaluation) - startMs) / 1000);
      // At 0 the state still depends on the time before the scenario.
      if (step > 0 && step <= SECONDS) observed.set(`${name} ${step}`, { alert: name, step, state });
    }
    await sleep(100);
  }

  const expectations = [...observed.values()].map(
    ({ alert, step, state }) => `      - { eval_time: ${step}s, alertname: ${alert}, exp_state: ${state} }`,
  );
  const lines = (app: string) =>
    LINES.filter(([of]) => of === app)
      .sort((x, y) => x[1] - y[1])
      .map(([, ms, line]) => `{ at: ${ms}ms, line: ${JSON.stringify(line)} }`);
  const [result] = await run(
    RULES,
    `tests:
  - input_streams:
      - { labels: { app: a }, lines: [${lines('a')}] }
      - { labels: { app: b }, lines: [${lines('b')}] }
    alert_rule_test:
${expectations.join('\n')}
`,
  );

  const differences = result?.checks
    .filter(({ passed }) => !passed)
    .map(({ subject, evalTime, expected, got }) => ({ subject, evalTime, ruler: expected, runner: got }));
  expect(differences).toEqual([]);
  // The scenario covers all states of every alert.
  const states = (alert: string) =>
    [...new Set([...observed.values()].filter((one) => one.alert === alert).map(({ state }) => state))].sort();
  for (const alert of ['Flood', 'Ratio', 'Silent', 'Slow'])
    expect([alert, ...states(alert)]).toEqual([alert, 'firing', 'inactive', 'pending']);
});
