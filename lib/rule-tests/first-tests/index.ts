import { parseLogQL } from '../../logql';
import type { Expr, LogRange } from '../../logql/syntax';
import type { AlertRule, RuleGroup } from '../../rules/model';
import { formatDuration } from '../../text/duration';
import { expandStream } from '../lines';
import type { TestLoki } from '../loki';
import { toMs } from '../plan';
import type { InputLine, InputStream, RuleTest } from '../test-file';
import { pipelineText, rangesOf } from './candidates';
import type { Scenario } from './predict';
import { allRanges, predictScenarios, type Timing, timingOf } from './scenarios';
import { assumedKinds, type FoundKind, findKinds } from './sources';

/** First tests of an alert. */
export interface FirstTests {
  readonly tests: readonly [RuleTest, RuleTest];
  /** Reason that the first one probably fails. @default none, Loki confirmed it */
  readonly problem?: string;
}

/** Number of scenarios that Loki evaluates. */
const TRIES = 5;

/**
 * Returns a test in which an alert fires, and one in which it stays silent.
 * @param loki confirms that the lines are accepted and that the expression has the result @default nothing is confirmed
 */
export async function firstTests(rule: AlertRule, group: RuleGroup, loki?: TestLoki): Promise<FirstTests> {
  const { expr } = parseLogQL(rule.expr);
  const intervalMs = toMs(group.interval ?? '1m');
  const timing = timingOf(expr ? allRanges(expr) : [], toMs(rule.for), intervalMs);
  if (!expr) return written(rule, timing, {});
  let kinds: readonly FoundKind[];
  try {
    kinds = loki ? await findKinds(loki, expr, rule.expr) : assumedKinds(expr, rule.expr);
  } catch (error) {
    return { ...written(rule, timing, {}), problem: `Loki cannot evaluate it: ${(error as Error).message}` };
  }
  const { firing, silent } = predictScenarios(expr, { kinds, sourceOf: sourcesOf(expr, rule.expr) }, timing);
  if (!loki) return written(rule, timing, { fires: firing[0], silent: silent[0] });
  const trial = { rule, timing, loki };
  const fires = await firstWith(trial, firing, true);
  const stays = await firstWith(trial, silent, false);
  const tests = written(rule, timing, { fires: fires.scenario ?? firing[0], silent: stays.scenario ?? silent[0] });
  const problem = fires.scenario ? stays.problem : (fires.problem ?? unreached(expr, rule.expr, kinds));
  return { ...tests, problem };
}

/** Returns why no scenario was found. */
function unreached(expr: Expr, text: string, kinds: readonly FoundKind[]): string {
  const missed = rangesOf(expr, text).find((_, source) => !kinds.some(({ values }) => values.has(source)));
  if (missed) return `no line was found that ${pipelineText(missed, text).replaceAll(/\s+/g, ' ')} accepts`;
  return 'no lines were found for which the expression has a value';
}

function sourcesOf(expr: Expr, text: string): (range: LogRange) => number {
  const texts = rangesOf(expr, text).map((range) => pipelineText(range, text));
  return (range) => texts.indexOf(pipelineText(range, text));
}

interface Trial {
  readonly rule: AlertRule;
  readonly timing: Timing;
  readonly loki: TestLoki;
}

/** Returns the first scenario in which the alert fires or stays silent, as Loki evaluates it. */
async function firstWith(
  { rule, timing, loki }: Trial,
  scenarios: readonly Scenario[],
  wanted: boolean,
): Promise<{ readonly scenario?: Scenario; readonly problem?: string }> {
  let problem: string | undefined;
  for (const scenario of scenarios.slice(0, TRIES)) {
    try {
      if ((await fires(rule, timing, loki, scenario)) === wanted) return { scenario };
    } catch (error) {
      problem = `Loki cannot evaluate it: ${(error as Error).message}`;
    }
  }
  const otherwise = wanted
    ? 'the lines that were tried do not make it fire'
    : 'it fires with all lines that were tried';
  return scenarios.length === 0 && wanted ? {} : { problem: problem ?? otherwise };
}

async function fires(rule: AlertRule, timing: Timing, loki: TestLoki, scenario: Scenario): Promise<boolean> {
  const streams = streamsOf(scenario, timing).map((stream) => expandStream(stream, 0, '.'));
  const tenant = await loki.tenant(streams);
  const series = await tenant.series(rule.expr, timing.interval * 1000, timing.end * 1000);
  const last = Math.round(timing.end / timing.interval);
  const first = last - Math.ceil(timing.pending / timing.interval);
  const steps = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return series.some(({ values }) => steps.every((step) => values.has(step)));
}

function written(
  rule: AlertRule,
  timing: Timing,
  scenarios: { readonly fires?: Scenario; readonly silent?: Scenario },
): FirstTests {
  const at = { eval_time: formatDuration(timing.end * 1000), alertname: rule.alert };
  const test = (name: string, scenario: Scenario | undefined, expected: object): RuleTest => {
    const streams = scenario ? streamsOf(scenario, timing) : [];
    return {
      name: `${rule.alert} ${name}`,
      ...(streams.length > 0 && { input_streams: streams }),
      alert_rule_test: [{ ...at, ...expected }],
    };
  };
  return {
    tests: [
      test('fires', scenarios.fires, { exp_state: 'firing' }),
      test('stays silent', scenarios.silent, { exp_alerts: [] }),
    ],
  };
}

/** Returns the streams of a scenario in the form of a test file. */
function streamsOf({ kinds, flows, turn }: Scenario, { end }: Timing): InputStream[] {
  const streams = new Map<string, { labels: Readonly<Record<string, string>>; lines: InputLine[] }>();
  for (const [i, kind] of (kinds as readonly FoundKind[]).entries()) {
    const { labels, line } = kind.candidate;
    const { past = 0, now = 0 } = flows[i] ?? {};
    const parts =
      past === now
        ? [{ from: 0, to: end, rate: now }]
        : [
            { from: 0, to: turn, rate: past },
            { from: turn, to: end, rate: now },
          ];
    const lines = parts
      .filter(({ from, to, rate }) => rate > 0 && to > from)
      .map(({ from, to, rate }) => ({
        ...(from > 0 && { from: formatDuration(from * 1000) }),
        to: formatDuration(to * 1000),
        rate: formatRate(rate),
        line,
      }));
    if (lines.length === 0) continue;
    const key = JSON.stringify(labels);
    const stream = streams.get(key) ?? { labels, lines: [] };
    stream.lines.push(...lines);
    streams.set(key, stream);
  }
  return [...streams.values()];
}

/** `120/s`, `30/m` or `1/h`: a whole number if there is one. */
function formatRate(perSecond: number): string {
  const units = [
    ['s', perSecond],
    ['m', perSecond * 60],
    ['h', perSecond * 3600],
  ] as const;
  const [unit, count] = units.find(([, each]) => Math.abs(each - Math.round(each)) < 1e-9) ?? units[2];
  return `${Number(count.toFixed(6))}/${unit}`;
}
