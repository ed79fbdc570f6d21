import { finding } from '../checks/findings';
import { LokiRefusal } from '../engines';
import { parseLogQL } from '../logql';
import { placeOf } from '../rules/source';
import { formatDuration } from '../text/duration';
import { BadInput } from './bad-input';
import { compareLogs, compareSamples } from './compare';
import { located } from './located';
import type { TestLoki, TestTenant } from './loki';
import { type Plan, type PlannedAlert, toMs } from './plan';
import type { Trial } from './promtool';
import type { ExpectationResult } from './result';
import type { Series } from './series';
import type { Answer, Question } from './template-queries';
import { WrongResult } from './wrong-result';

/** Default of Loki's `max_query_series`, above which the evaluation of a rule fails. */
const MAX_SERIES = 500;

/** Loki's results for a test. */
export interface Evaluation {
  readonly plan: Plan;
  readonly tenant: TestTenant;
  readonly trials: readonly Trial[];
  readonly checks: readonly ExpectationResult[];
  readonly errors: readonly string[];
  readonly ms: number;
}

/**
 * Pushes the lines of a test and evaluates its rules and expressions.
 * @throws {BadInput} if Loki rejects the lines, or a rule returns too many series
 */
export async function evaluate(loki: TestLoki, plan: Plan): Promise<Evaluation> {
  const start = performance.now();
  const tenant = await push(loki, plan);
  const errors: string[] = [];
  const evaluated: Trial['rules'][number][] = [];
  for (const alert of plan.alerts) {
    try {
      const series = await tenant.series(alert.rule.expr, alert.intervalMs, plan.endMs);
      rejectTooManySeries(plan, alert, series);
      evaluated.push({ alert, series });
    } catch (error) {
      if (!isQueryError(error)) throw error;
      errors.push(
        `alert '${alert.rule.alert}' fails to evaluate, as it would in the ruler: ${(error as Error).message}`,
      );
    }
  }
  const checks = await checkExpressions(plan, tenant, errors);
  const trials = trialsOf(plan, evaluated, (query, ms) => answer(tenant, query, ms, errors));
  return { plan, tenant, trials, checks, errors, ms: performance.now() - start };
}

async function push(loki: TestLoki, plan: Plan): Promise<TestTenant> {
  try {
    return await loki.tenant(plan.streams());
  } catch (error) {
    if (!(error instanceof LokiRefusal && error.status < 500)) throw error;
    throw badTest(plan, ['input_streams'], `Loki rejects the lines: ${error.message}`);
  }
}

function rejectTooManySeries(plan: Plan, { rule }: PlannedAlert, series: readonly Series[]): void {
  const counts = new Map<number, number>();
  for (const { values } of series) for (const step of values.keys()) counts.set(step, (counts.get(step) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  if (most <= MAX_SERIES) return;
  throw new BadInput([
    finding('rule-test', {
      subject: `alert '${rule.alert}'`,
      problem: `returns ${most} series in test "${plan.name}", more than Loki's max_query_series (${MAX_SERIES})`,
      fix: 'aggregate with sum by (…) over fewer labels',
      place: placeOf(rule, ['expr']),
    }),
  ]);
}

/** Returns one trial per evaluation interval, since promtool uses the same interval for all rules. */
function trialsOf(
  plan: Plan,
  rules: readonly Trial['rules'][number][],
  ask: (query: string, ms: number) => Promise<Answer>,
): Trial[] {
  const intervals = [...new Set(rules.map(({ alert }) => alert.intervalMs))];
  return intervals.map((intervalMs) => ({
    intervalMs,
    lastStep: Math.floor(plan.endMs / intervalMs),
    rules: rules.filter(({ alert }) => alert.intervalMs === intervalMs),
    shown: plan.test.notification_test
      ? Array.from({ length: Math.floor(plan.endMs / intervalMs) + 1 }, (_, step) => step)
      : stepsOf(plan.test.alert_rule_test, intervalMs),
    needed: new Set([
      ...stepsOf(plan.test.alert_rule_test, intervalMs),
      ...(plan.test.notification_test ?? []).map(({ eval_time }) => Math.floor(toMs(eval_time) / intervalMs)),
    ]),
    externalLabels: plan.test.external_labels as Trial['externalLabels'],
    externalUrl: plan.test.external_url,
    ask: ({ query, step }: Question) => ask(query, step * intervalMs),
  }));
}

function stepsOf(tests: readonly { readonly eval_time: string }[] = [], intervalMs: number): number[] {
  return tests.map(({ eval_time }) => toMs(eval_time) / intervalMs).filter(Number.isInteger);
}

/** Evaluates a query of a template; adds an error if it fails. */
async function answer(tenant: TestTenant, query: string, ms: number, errors: string[]): Promise<Answer> {
  const failed = (reason: string): Answer => {
    errors.push(
      `the query '${query}' of a template fails at ${formatDuration(ms)}, so the ruler would send an error message instead of the text: ${reason}`,
    );
    return [];
  };
  if (parseLogQL(query).expr?.kind === 'log') return failed('it returns lines, not samples');
  try {
    const samples = await tenant.samples(query, ms);
    if (samples.length <= MAX_SERIES) return samples;
    return failed(`it returns ${samples.length} series, more than Loki's max_query_series (${MAX_SERIES})`);
  } catch (error) {
    if (!isQueryError(error)) throw error;
    return failed((error as Error).message);
  }
}

async function checkExpressions(plan: Plan, tenant: TestTenant, errors: string[]): Promise<ExpectationResult[]> {
  const checks: ExpectationResult[] = [];
  for (const [i, test] of (plan.test.logql_expr_test ?? []).entries()) {
    const record = plan.records.get(test.expr);
    const expr = record?.expr ?? test.expr;
    try {
      const at = { subject: test.expr, evalTime: test.eval_time };
      if (test.exp_logs) {
        const comparison = compareLogs(test, await tenant.lines(expr, toMs(test.eval_time)));
        checks.push({ kind: 'logs', ...at, ...located(plan, ['logql_expr_test', i, 'exp_logs']), ...comparison });
      } else {
        const samples = await tenant.samples(expr, toMs(test.eval_time));
        const recorded = samples.map(({ labels, value }) => ({ labels: { ...labels, ...record?.labels }, value }));
        checks.push({
          kind: 'samples',
          ...at,
          ...located(plan, ['logql_expr_test', i, 'exp_samples']),
          ...compareSamples(test, recorded),
        });
      }
    } catch (error) {
      if (!isQueryError(error)) throw error;
      errors.push(`expression '${test.expr}' fails to evaluate at ${test.eval_time}: ${(error as Error).message}`);
    }
  }
  return checks;
}

/** True if Loki rejected the query; any other error is a failure of the engine. */
function isQueryError(error: unknown): boolean {
  return error instanceof LokiRefusal || error instanceof WrongResult;
}

function badTest(plan: Plan, path: ExpectationResult['path'], problem: string): BadInput {
  const { place = { file: plan.file.path } } = located(plan, path);
  return new BadInput([finding('rule-test', { path, subject: `test '${plan.name}'`, problem, place })]);
}
