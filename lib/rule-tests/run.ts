import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Engine, ensureEngines } from '../engines';
import { makeTempFolder, removeTempFolder } from '../engines/cleanup';
import { placeOf } from '../rules/source';
import { BadInput } from './bad-input';
import { type Comparison, compareAlerts, compareLogs, compareSamples, stateAt } from './compare';
import { TestLoki, type TestTenant } from './loki';
import { checkNotifications } from './notifications';
import { type Plan, type PlannedAlert, toMs } from './plan';
import { runTrials, type Trial, type Verdict } from './promtool';
import type { Check, RunResult, TestResult, Timeline } from './result';
import type { Series } from './series';
import { splitThreshold } from './threshold';

export interface RunOptions {
  /** Tests that are run at the same time. @default the number of processors */
  readonly jobs?: number;
  /** Told of each test when it is done. @default nobody */
  readonly onResult?: (result: TestResult) => void;
}

/** Tests that share one promtool process: its start costs as much as four tests, and results should not be late. */
const CHUNK = 10;

/** Loki's `max_query_series`: more series fail the evaluation of a rule. */
const MAX_SERIES = 500;

/** The engines that judge tests, from `start` to `stop`. */
export class RuleTester {
  private constructor(
    private readonly loki: TestLoki,
    private readonly promtool: Engine,
    private readonly dir: string,
    /** Only if messages are tested. */
    private readonly alertmanager?: Engine,
  ) {}

  /**
   * Finds the engines and starts Loki.
   * @param messages whether Alertmanager is needed, for notification tests
   * @throws if one is missing, too old or does not start
   */
  static async start(messages: boolean): Promise<RuleTester> {
    const engines = await ensureEngines(['loki', 'promtool', ...(messages ? (['alertmanager'] as const) : [])]);
    const loki = await TestLoki.start(engines.loki);
    return new RuleTester(loki, engines.promtool, makeTempFolder(), messages ? engines.alertmanager : undefined);
  }

  /** Runs tests. @throws {BadInput} if Loki refuses what a test gives it; if an engine fails */
  async run(plans: readonly Plan[], options: RunOptions = {}): Promise<RunResult> {
    const start = performance.now();
    const jobs = options.jobs ?? availableParallelism();
    const size = Math.min(CHUNK, Math.max(1, Math.ceil(plans.length / jobs)));
    const chunks = Array.from({ length: Math.ceil(plans.length / size) }, (_, i) =>
      plans.slice(i * size, (i + 1) * size),
    );
    const results = new Map<Plan, TestResult>();
    let next = 0;
    const work = async (worker: number) => {
      for (let chunk = chunks[next++]; chunk; chunk = chunks[next++]) {
        for (const [plan, result] of await this.runChunk(chunk, join(this.dir, `worker-${worker}`))) {
          results.set(plan, result);
          options.onResult?.(result);
        }
      }
    };
    await this.orLokiEnded(Promise.all(Array.from({ length: Math.min(jobs, chunks.length) }, (_, i) => work(i))));
    const tests = plans.flatMap((plan) => results.get(plan) ?? []);
    return {
      tests,
      versions: { loki: this.loki.version, promtool: this.promtool.version },
      ms: performance.now() - start,
    };
  }

  async stop(): Promise<void> {
    removeTempFolder(this.dir);
    await this.loki.stop();
  }

  /** Fails at once, and with the reason, when Loki ends in the middle. */
  private orLokiEnded<T>(work: Promise<T>): Promise<T> {
    const ended = this.loki.exited.then((how) => {
      throw new Error(
        `Loki ended in the middle of the tests (${how}):\n${this.loki.logs().split('\n').slice(-10).join('\n')}`,
      );
    });
    ended.catch(() => {});
    return Promise.race([work, ended]);
  }

  private async runChunk(plans: readonly Plan[], dir: string): Promise<[Plan, TestResult][]> {
    const evaluations: Evaluation[] = [];
    for (const plan of plans) evaluations.push(await evaluate(this.loki, plan));
    const start = performance.now();
    const verdicts = await runTrials(
      this.promtool,
      dir,
      evaluations.flatMap(({ trials }) => trials),
    );
    const share = (performance.now() - start) / plans.length;
    const results: [Plan, TestResult][] = [];
    for (const evaluation of evaluations) {
      const own = verdicts.splice(0, evaluation.trials.length);
      const messages = await this.checkMessages(evaluation, own);
      results.push([evaluation.plan, await judge(evaluation, own, messages, share)]);
    }
    return results;
  }

  private async checkMessages(
    { plan, trials }: Evaluation,
    verdicts: readonly Verdict[],
  ): Promise<{ checks: Check[]; ms: number }> {
    const start = performance.now();
    if (!plan.test.notification_test?.length || !plan.notifications || !this.alertmanager) return { checks: [], ms: 0 };
    const comparisons = await checkNotifications(this.alertmanager, plan.notifications, plan, trials, verdicts);
    const checks = plan.test.notification_test.map(({ eval_time }, i): Check => {
      const place = located(plan, ['notification_test', i, 'exp_notifications']);
      return { kind: 'notifications', evalTime: eval_time, ...place, ...(comparisons[i] as Comparison) };
    });
    return { checks, ms: performance.now() - start };
  }
}

/** What Loki said about a test. */
interface Evaluation {
  readonly plan: Plan;
  readonly tenant: TestTenant;
  readonly trials: readonly Trial[];
  readonly checks: readonly Check[];
  readonly errors: readonly string[];
  readonly ms: number;
}

async function evaluate(loki: TestLoki, plan: Plan): Promise<Evaluation> {
  const start = performance.now();
  const tenant = await push(loki, plan);
  const errors: string[] = [];
  const evaluated: Trial['rules'][number][] = [];
  for (const alert of plan.alerts) {
    try {
      const series = await tenant.series(alert.rule.expr, alert.intervalMs, plan.endMs);
      refuseTooManySeries(plan, alert, series);
      evaluated.push({ alert, series });
    } catch (error) {
      if (error instanceof BadInput) throw error;
      errors.push(
        `alert '${alert.rule.alert}' can't be evaluated, in a running ruler neither: ${(error as Error).message}`,
      );
    }
  }
  const checks = await checkExpressions(plan, tenant, errors);
  return { plan, tenant, trials: trialsOf(plan, evaluated), checks, errors, ms: performance.now() - start };
}

async function push(loki: TestLoki, plan: Plan): Promise<TestTenant> {
  try {
    return await loki.tenant(plan.streams());
  } catch (error) {
    if (!/^Loki answered 4/.test((error as Error).message)) throw error;
    throw badTest(plan, ['input_streams'], `is refused: ${(error as Error).message}`);
  }
}

function refuseTooManySeries(plan: Plan, { rule }: PlannedAlert, series: readonly Series[]): void {
  const counts = new Map<number, number>();
  for (const { values } of series) for (const step of values.keys()) counts.set(step, (counts.get(step) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  if (most <= MAX_SERIES) return;
  const message =
    `returns ${most} series in test '${plan.name}', and Loki's max_query_series is ${MAX_SERIES}: the ruler would fail to evaluate it. ` +
    'Aggregate with sum by (…) over fewer labels';
  throw new BadInput([
    { id: 'rule-test', severity: 'error', subject: `alert '${rule.alert}'`, message, ...placeOf(rule, ['expr']) },
  ]);
}

/** One trial for each evaluation interval, since promtool knows one for all rules. */
function trialsOf(plan: Plan, rules: readonly Trial['rules'][number][]): Trial[] {
  const intervals = [...new Set(rules.map(({ alert }) => alert.intervalMs))];
  return intervals.map((intervalMs) => ({
    intervalMs,
    lastStep: Math.floor(plan.endMs / intervalMs),
    rules: rules.filter(({ alert }) => alert.intervalMs === intervalMs),
    shown: plan.test.notification_test
      ? Array.from({ length: Math.floor(plan.endMs / intervalMs) + 1 }, (_, step) => step)
      : (plan.test.alert_rule_test ?? []).map(({ eval_time }) => toMs(eval_time) / intervalMs).filter(Number.isInteger),
    externalLabels: plan.test.external_labels as Trial['externalLabels'],
    externalUrl: plan.test.external_url,
  }));
}

async function checkExpressions(plan: Plan, tenant: TestTenant, errors: string[]): Promise<Check[]> {
  const checks: Check[] = [];
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
      errors.push(`expression '${test.expr}' at ${test.eval_time} can't be evaluated: ${(error as Error).message}`);
    }
  }
  return checks;
}

async function judge(
  evaluation: Evaluation,
  verdicts: readonly Verdict[],
  messages: { readonly checks: readonly Check[]; readonly ms: number },
  share: number,
): Promise<TestResult> {
  const { plan, trials } = evaluation;
  const histories = verdicts.flatMap((verdict) => verdict.histories);
  const errors = [
    ...evaluation.errors,
    ...verdicts.flatMap((verdict) => verdict.errors).map((error) => `the ruler would fail to evaluate ${error}`),
  ];
  const checks = [...evaluation.checks];
  for (const [i, test] of (plan.test.alert_rule_test ?? []).entries()) {
    const own = trials.flatMap((trial, t) => {
      const concerned = trial.rules.some(({ alert }) => alert.rule.alert === test.alertname);
      return concerned ? [{ step: toMs(test.eval_time) / trial.intervalMs, verdict: verdicts[t] }] : [];
    });
    const at = { subject: test.alertname, evalTime: test.eval_time };
    if (test.exp_state !== undefined) {
      const got = own.map(({ step }) => stateAt(histories, test.alertname, step))[0] ?? 'inactive';
      checks.push({
        kind: 'state',
        ...at,
        ...located(plan, ['alert_rule_test', i, 'exp_state']),
        passed: got === test.exp_state,
        expected: test.exp_state,
        got,
      });
    }
    if (test.exp_alerts !== undefined || test.exp_state === undefined) {
      const firing = own
        .flatMap(({ step, verdict }) => verdict?.firing.get(step) ?? [])
        .filter(({ labels }) => labels.alertname === test.alertname);
      checks.push({
        kind: 'alerts',
        ...at,
        ...located(plan, ['alert_rule_test', i, 'exp_alerts']),
        ...compareAlerts(test, firing),
      });
    }
  }
  checks.push(...messages.checks);
  const passed = errors.length === 0 && checks.every((check) => check.passed);
  const names = new Set((plan.test.alert_rule_test ?? []).map(({ alertname }) => alertname));
  return {
    file: plan.file.path,
    name: plan.name,
    index: plan.index,
    place: plan.file.locate(['tests', plan.index]),
    passed,
    ms: evaluation.ms + share + messages.ms,
    checks,
    errors,
    timelines: passed ? [] : await timelines(evaluation, histories, checks),
    alerts: new Map(
      [...names].map((name) => [
        name,
        { fired: histories.some(({ labels, firing }) => labels.alertname === name && firing.size > 0) },
      ]),
    ),
  };
}

/** The rules whose checks failed, over test time. */
async function timelines(
  { plan, tenant, trials }: Evaluation,
  histories: Verdict['histories'],
  checks: readonly Check[],
): Promise<Timeline[]> {
  const failed = new Set(checks.filter(({ passed }) => !passed).map(({ subject }) => subject));
  const drawn: Timeline[] = [];
  for (const { intervalMs, lastStep, rules } of trials) {
    for (const { alert, series } of rules.filter(({ alert: { rule } }) => failed.has(rule.alert))) {
      const name = alert.rule.alert;
      const split = splitThreshold(alert.rule.expr);
      drawn.push({
        alert: name,
        intervalMs,
        lastStep,
        threshold: split?.threshold,
        series: split ? await tenant.series(split.expr, intervalMs, plan.endMs) : series,
        histories: histories.filter(({ labels }) => labels.alertname === name),
        marks: checks
          .filter(({ subject }) => subject === name)
          .map(({ evalTime, passed }) => ({ step: toMs(evalTime) / intervalMs, passed })),
      });
    }
  }
  return drawn;
}

function located(plan: Plan, path: Check['path']): Pick<Check, 'path' | 'place'> {
  const whole = ['tests', plan.index, ...path];
  return { path: whole, place: plan.file.locate(whole) };
}

function badTest(plan: Plan, path: Check['path'], message: string): BadInput {
  const { place } = located(plan, path);
  return new BadInput([
    { id: 'rule-test', severity: 'error', subject: `test '${plan.name}'`, message, file: plan.file.path, ...place },
  ]);
}
