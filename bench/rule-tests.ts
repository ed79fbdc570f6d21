import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OnProgress } from '../lib/engines';
import { ensureEngines, run } from '../lib/engines';
import { planFile } from '../lib/rule-tests/plan';
import { RuleTester } from '../lib/rule-tests/run';
import type { RuleTestFile } from '../lib/rule-tests/test-file';
import type { RuleFile } from '../lib/rules/model';
import { type Figure, median, type Subject } from './figure';

/** Lines per second of the tests with a target: 36,000 lines in ten minutes. */
const FLOOD = 60;
const LINES = FLOOD * 600;

/** Numbers of tests for comparing the cost per test, which should not grow; with a tenth of the lines. */
const COUNTS = [1, 10, 100, 500];
const FEWER = FLOOD / 10;

const RULES: RuleFile = {
  name: 'rules.yaml',
  groups: [
    {
      name: 'g',
      rules: [
        {
          alert: 'Flood',
          expr: 'sum by (app) (rate({app="web"}[1m])) > 5',
          for: '1m',
          labels: { severity: 'warning' },
          annotations: { title: '{{ $labels.app }} logs {{ $value | humanize }} lines/s' },
        },
      ],
    },
  ],
};

/** The same alert on a counter of lines. */
const PROMQL_EXPR = 'sum by (app) (rate(log_lines_total{app="web"}[1m])) > 5';

function alertTest(rate: number) {
  const expected = {
    exp_labels: { app: 'web', severity: 'warning' },
    exp_annotations: { title: `web logs ${rate} lines/s` },
  };
  return { eval_time: '10m', alertname: 'Flood', exp_alerts: [expected] };
}

function logTests(count: number, rate: number): RuleTestFile {
  const test = (i: number) => ({
    name: `test ${i}`,
    input_streams: [
      { labels: { app: 'web' }, lines: [{ to: '10m', rate: `${rate}/s`, line: `GET /${i}/{{n}} 200 0.012` }] },
    ],
    alert_rule_test: [alertTest(rate)],
  });
  return { evaluation_interval: '15s', tests: Array.from({ length: count }, (_, i) => test(i)) };
}

function promTests(count: number): object {
  const test = (i: number) => ({
    name: `test ${i}`,
    interval: '15s',
    input_series: [{ series: 'log_lines_total{app="web"}', values: `0+${FEWER * 15}x40` }],
    alert_rule_test: [alertTest(FEWER)],
  });
  return {
    rule_files: ['rules.json'],
    evaluation_interval: '15s',
    tests: Array.from({ length: count }, (_, i) => test(i)),
  };
}

/** Runs log tests and returns the duration in milliseconds. @throws if one fails */
async function runLogTests(tester: RuleTester, count: number, rate: number): Promise<number> {
  const content = logTests(count, rate);
  const { plans } = planFile({ content, path: 'bench', dir: '.', locate: () => undefined }, [RULES]);
  const { tests, ms } = await tester.run(plans);
  const failed = tests.find(({ passed }) => !passed);
  if (failed) throw new Error(`a test failed: ${JSON.stringify(failed.checks)}`);
  return ms;
}

/** Runs equivalent PromQL tests with promtool and returns the duration in milliseconds. @throws if one fails */
async function runPromTests(dir: string, count: number): Promise<number> {
  const { promtool } = await ensureEngines(['promtool']);
  const rules = RULES.groups.map(({ name, rules: [rule] }) => ({ name, rules: [{ ...rule, expr: PROMQL_EXPR }] }));
  writeFileSync(join(dir, 'rules.json'), JSON.stringify({ groups: rules }));
  writeFileSync(join(dir, 'tests.json'), JSON.stringify(promTests(count)));
  const start = performance.now();
  const { code, stderr } = await run(promtool, ['test', 'rules', 'tests.json'], { cwd: dir });
  if (code !== 0) throw new Error(`promtool failed: ${stderr.slice(0, 1000)}`);
  return performance.now() - start;
}

/** Returns the peak memory of a child process by name, in MiB; Linux only. */
function peakOfChild(name: string): number | undefined {
  try {
    const children = readdirSync('/proc/self/task').flatMap((task) =>
      readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' '),
    );
    const peaks = children.filter(Boolean).flatMap((pid) => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return status.startsWith(`Name:\t${name}`) ? Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024 : [];
    });
    return Math.max(...peaks);
  } catch {
    return undefined;
  }
}

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-rule-tests-'));
  await ensureEngines(['loki', 'promtool']);
  const starts: number[] = [];
  const start = async () => {
    const begin = performance.now();
    const tester = await RuleTester.start();
    starts.push(performance.now() - begin);
    return tester;
  };
  for (let i = 0; i < 4; i++) await (await start()).stop();
  const tester = await start();
  try {
    await runLogTests(tester, 1, FLOOD);
    const single = [];
    for (let i = 0; i < 5; i++) single.push(await runLogTests(tester, 1, FLOOD));
    onProgress(`100 tests of ${LINES} lines`);
    const hundred = await runLogTests(tester, 100, FLOOD);
    const peak = peakOfChild('loki');
    const costs: { count: number; logs: number; prom: number }[] = [];
    for (const count of COUNTS) {
      onProgress(`${count} tests of ${LINES / 10} lines, and as many with promtool`);
      costs.push({ count, logs: await runLogTests(tester, count, FEWER), prom: await runPromTests(dir, count) });
    }
    const perTest = costs.map(({ count, logs }) => logs / count);
    return [
      { what: 'engines ready', value: median(starts) / 1000, unit: 's', aim: { atMost: 1 } },
      { what: `one test of ${LINES} lines`, value: median(single) / 1000, unit: 's', aim: { atMost: 0.5 } },
      { what: '100 such tests', value: hundred / 1000, unit: 's', aim: { atMost: 20 } },
      { what: "Loki's peak memory afterwards", value: peak, unit: 'MiB', aim: { atMost: 1024 } },
      ...costs.map(
        ({ count, logs, prom }): Figure => ({
          what: `a test of ${LINES / 10} lines, of ${count}`,
          value: logs / count,
          unit: 'ms',
          note: `equivalent PromQL test with promtool, without log lines: ${(prom / count).toFixed(1)} ms`,
        }),
      ),
      {
        what: 'cost per test, 500 to 10 tests',
        value: (perTest[3] ?? 0) / (perTest[1] ?? 1),
        unit: 'x',
        aim: { atMost: 1.2 },
        note: 'a single test can use both cores',
      },
      { what: "the runner's peak memory", value: process.resourceUsage().maxRSS / 1024, unit: 'MiB' },
    ];
  } finally {
    await tester.stop();
    rmSync(dir, { recursive: true });
  }
}

/** Unit tests of rules: start of the engines, lines, and cost per test for many tests. */
export const ruleTests: Subject = {
  name: 'rule-tests',
  description: 'unit tests of rules on the real engines, compared with promtool; 3 minutes',
  measure,
};
