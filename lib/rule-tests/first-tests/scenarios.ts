import type { Expr, LogRange } from '../../logql/syntax';
import { walk } from '../../logql/walk';
import { type Flow, type LineKind, predict, type Scenario } from './predict';

/** Times of a first test, in seconds. */
export interface Timing {
  /** Evaluation at which the alert should fire. */
  readonly end: number;
  /** `for` of the alert. */
  readonly pending: number;
  /** Evaluation interval. */
  readonly interval: number;
}

/** Longest range that a first test fills: a count needs no more. */
const MAX_FILLED = 3600;

/** Maximum number of lines of a scenario, so that a test takes a second. */
const MAX_LINES = 200_000;

const PER_MINUTE = 1 / 60;

/** Maximum number of scenarios to predict. */
const MAX_PREDICTED = 20_000;

/** Returns the first evaluation after all ranges are filled and `for` has passed. */
export function timingOf(ranges: readonly LogRange[], pendingMs: number, intervalMs: number): Timing {
  const reach = ranges.map(
    ({ milliseconds, offsetMilliseconds }) =>
      Math.min(milliseconds, MAX_FILLED * 1000) + Math.max(0, offsetMilliseconds),
  );
  const steps = Math.max(1, Math.ceil((Math.max(0, ...reach) + pendingMs) / intervalMs) + 1);
  return { end: (steps * intervalMs) / 1000, pending: pendingMs / 1000, interval: intervalMs / 1000 };
}

/** Returns numbers that the expression compares or computes with, and their product, since factors may scale them. */
export function thresholdsOf(expr: Expr): number[] {
  const numbers = [...walk(expr)].flatMap((at) => (at.kind === 'number' ? [Math.abs(at.value)] : []));
  const product = numbers.reduce((all, each) => all * (each || 1), 1);
  return [...new Set([...numbers, product])].filter((each) => each > 0 && Number.isFinite(each)).sort((a, b) => a - b);
}

/** All ranges of an expression, each as often as it is there. */
export function allRanges(expr: Expr): LogRange[] {
  return [...walk(expr)].flatMap((at) => (at.kind === 'range' || at.kind === 'variants' ? [at.range] : []));
}

/** Lines per second, as a test can write them. */
function ratesFor(expr: Expr, kinds: readonly LineKind[], { end }: Timing): number[] {
  const exact = [...walk(expr)].some((at) => at.kind === 'binary' && (at.operator === '==' || at.operator === '!='));
  const rates = allRanges(expr).flatMap(({ milliseconds, unwrap }, source) => {
    const seconds = milliseconds / 1000;
    const filled = Math.min(seconds, end);
    const weights = kinds.flatMap(({ bytes, values }) => [
      bytes,
      ...(unwrap ? [Math.abs(values.get(source) ?? 1)] : []),
    ]);
    const low = neat(Math.max(2 / filled, PER_MINUTE));
    const wanted = thresholdsOf(expr).flatMap((threshold) => {
      const counts = [
        threshold,
        threshold * seconds,
        ...weights.flatMap((weight) => [threshold / weight, (threshold * seconds) / weight]),
      ];
      return counts.flatMap((count) => [
        neat((count * 2) / filled),
        neat((count * 1.2) / filled),
        neat(count / 2 / filled),
        ...(exact ? [count / filled] : []),
      ]);
    });
    return [low, low * 10, low * 100, ...wanted];
  });
  const usable = rates.filter((rate) => Number.isFinite(rate) && rate > 0 && rate * Math.min(end, 60) <= MAX_LINES);
  return [...new Set(usable)].sort((a, b) => a - b);
}

/** Rounds a rate up to a whole number of lines per second, minute or hour. */
function neat(rate: number): number {
  const perUnit = rate >= 1 ? 1 : rate * 60 >= 1 ? 60 : 3600;
  return Math.ceil(rate * perUnit - 1e-9) / perUnit;
}

/** Scenarios that should make an alert fire, and that should not, the simplest ones first. */
export interface Predicted {
  readonly firing: readonly Scenario[];
  readonly silent: readonly Scenario[];
}

/** Predicts scenarios: lines of some kinds, at constant rates or at rates that change. */
export function predictScenarios(expr: Expr, base: Pick<Scenario, 'kinds' | 'sourceOf'>, timing: Timing): Predicted {
  const { end, pending, interval } = timing;
  const shortest = Math.min(...allRanges(expr).map(({ milliseconds }) => milliseconds / 1000), end);
  const turn = Math.max(0, end - pending - shortest - interval);
  const rates = spread([0, ...ratesFor(expr, base.kinds, timing)], base.kinds.length <= 2 ? 24 : 8);
  const constant = combinations(
    rates.map((rate): Flow => ({ past: rate, now: rate })),
    base.kinds.length,
  );
  const few = spread(rates, base.kinds.length <= 2 ? 8 : 4);
  const changing = few.flatMap((past) => few.map((now): Flow => ({ past, now })));
  const all = [...constant, ...combinations(changing, base.kinds.length)].map(
    (flows): Scenario => ({ ...base, flows, turn }),
  );
  const scenarios = all.filter((scenario) => linesOf(scenario, end) <= MAX_LINES);
  scenarios.sort((a, b) => effort(a, end) - effort(b, end));
  const value = (scenario: Scenario, at: number) => predict(expr, scenario, at) !== undefined;
  return {
    firing: scenarios.filter((each) => [end - pending, end - pending / 2, end].every((at) => value(each, at))),
    silent: scenarios.filter((each) => !value(each, end)),
  };
}

function linesOf({ flows, turn }: Scenario, end: number): number {
  return flows.reduce((lines, { past, now }) => lines + past * turn + now * (end - turn), 0);
}

/** Fewer kinds before constant rates, before a line per minute or more, before fewer lines. */
function effort(scenario: Scenario, end: number): number {
  const kinds = scenario.flows.filter(({ past, now }) => past + now > 0).length;
  const changes = scenario.flows.filter(({ past, now }) => past !== now).length;
  const slow = scenario.flows.filter(({ past, now }) =>
    [past, now].some((rate) => rate > 0 && rate < PER_MINUTE),
  ).length;
  return (kinds * 100 + changes * 10 + slow) * MAX_LINES + linesOf(scenario, end);
}

/** Returns some of the items, evenly spread, with the first and the last. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))] as T);
}

/** Returns all lists of items of a length, but not more than can be predicted. */
function combinations<T>(items: readonly T[], length: number): T[][] {
  let lists: T[][] = [[]];
  for (let i = 0; i < length; i++) {
    const longer = lists.flatMap((list) => items.map((item) => [...list, item]));
    lists = spread(longer, MAX_PREDICTED);
  }
  return lists;
}
