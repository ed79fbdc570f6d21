import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../checks/findings';
import { type Engine, ensureEngines, type FindOptions } from '../engines';
import { makeTempFolder, removeTempFolder } from '../engines/cleanup';
import { BadInput } from './bad-input';
import type { Comparison } from './compare';
import { type Evaluation, evaluate } from './evaluate';
import { judge } from './judge';
import { located } from './located';
import { TestLoki } from './loki';
import { checkNotifications } from './notifications';
import { orEnded } from './or-ended';
import type { Plan } from './plan';
import type { Verdict } from './promtool';
import type { ExpectationResult, RunResult, TestResult } from './result';
import { runTrials } from './trials';

export interface RunOptions {
  /** Number of tests that run at the same time. @default number of processors */
  readonly jobs?: number;
  /** Called with the result of each test. @default none */
  readonly onResult?: (result: TestResult) => void;
}

/** Results of some tests, and reasons that others could not be run. */
interface Batch {
  readonly results: readonly (readonly [Plan, TestResult])[];
  readonly findings: readonly Finding[];
}

/** True if a test evaluates alerts, with promtool. */
function testsAlerts({ alerts }: Plan): boolean {
  return alerts.length > 0;
}

/** Maximum number of tests that share a promtool process, whose start takes as long as four tests. */
const MAX_BATCH_TESTS = 10;
/** Time after which a batch is not filled further, milliseconds: results should appear soon. */
const MAX_BATCH_MS = 300;

/** The engines that run tests, from `start` to `stop`. */
export class RuleTester {
  private constructor(
    private readonly loki: TestLoki,
    private readonly engines: FindOptions,
    private readonly dir: string,
  ) {}

  /** Set by the first run with tests of alerts. */
  private promtool?: Engine;

  /** Set by the first run with notification tests. */
  private alertmanager?: Engine;

  /** Finds Loki and starts it. @throws if it is missing, too old or does not start */
  static async start(engines: FindOptions = {}): Promise<RuleTester> {
    const { loki } = await ensureEngines(['loki'], engines);
    return new RuleTester(await TestLoki.start(loki), engines, makeTempFolder());
  }

  /**
   * Runs tests. Those that cannot be run, e.g. because Loki rejects their lines, are in `findings`.
   * @throws any error of an engine
   */
  async run(plans: readonly Plan[], options: RunOptions = {}): Promise<RunResult> {
    const start = performance.now();
    const results = new Map<Plan, TestResult>();
    const findings: Finding[] = [];
    const work = async (some: readonly Plan[]) => {
      const queue = [...some];
      const jobs = Math.min(options.jobs ?? availableParallelism(), some.length);
      const worker = async (index: number) => {
        while (queue.length > 0) {
          const batch = await this.runBatch(queue, join(this.dir, `worker-${index}`));
          findings.push(...batch.findings);
          for (const [plan, result] of batch.results) {
            results.set(plan, result);
            options.onResult?.(result);
          }
        }
      };
      await Promise.all(Array.from({ length: jobs }, (_, i) => worker(i)));
    };
    const run = async () => {
      // Tests of expressions only need Loki: they do not wait for the build of another engine.
      await work(plans.filter((plan) => !testsAlerts(plan)));
      const others = plans.filter(testsAlerts);
      await this.findEngines(others);
      await work(others);
    };
    await orEnded(run(), this.loki);
    return {
      tests: plans.flatMap((plan) => results.get(plan) ?? []),
      findings,
      versions: {
        loki: this.loki.version,
        promtool: this.promtool?.version,
        alertmanager: this.alertmanager?.version,
      },
      ms: performance.now() - start,
    };
  }

  /** Finds the engines that these tests need in addition to Loki. */
  private async findEngines(plans: readonly Plan[]): Promise<void> {
    if (plans.length > 0) this.promtool ??= (await ensureEngines(['promtool'], this.engines)).promtool;
    if (plans.some(({ test }) => test.notification_test?.length))
      this.alertmanager ??= (await ensureEngines(['alertmanager'], this.engines)).alertmanager;
  }

  async stop(): Promise<void> {
    removeTempFolder(this.dir);
    await this.loki.stop();
  }

  /** Takes tests from the queue and runs them with one promtool process. */
  private async runBatch(queue: Plan[], dir: string): Promise<Batch> {
    const begin = performance.now();
    const evaluations: Evaluation[] = [];
    const findings: Finding[] = [];
    while (evaluations.length < MAX_BATCH_TESTS && performance.now() - begin < MAX_BATCH_MS) {
      const plan = queue.shift();
      if (!plan) break;
      try {
        evaluations.push(await evaluate(this.loki, plan));
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
        findings.push(...error.findings);
      }
    }
    const start = performance.now();
    const trials = evaluations.flatMap((evaluation) => evaluation.trials);
    const verdicts = this.promtool && trials.length > 0 ? await runTrials(this.promtool, dir, trials) : [];
    const share = (performance.now() - start) / evaluations.length;
    const results: [Plan, TestResult][] = [];
    for (const evaluation of evaluations) {
      const own = verdicts.splice(0, evaluation.trials.length);
      const messages = await this.checkMessages(evaluation, own);
      results.push([evaluation.plan, await judge(evaluation, own, messages, share)]);
    }
    return { results, findings };
  }

  private async checkMessages(
    { plan, trials }: Evaluation,
    verdicts: readonly Verdict[],
  ): Promise<{ checks: ExpectationResult[]; ms: number }> {
    const start = performance.now();
    if (!plan.test.notification_test?.length || !plan.notifications || !this.alertmanager) return { checks: [], ms: 0 };
    const comparisons = await checkNotifications(this.alertmanager, plan.notifications, plan, trials, verdicts);
    const checks = plan.test.notification_test.map(({ eval_time }, i): ExpectationResult => {
      const place = located(plan, ['notification_test', i, 'exp_notifications']);
      return { kind: 'notifications', evalTime: eval_time, ...place, ...(comparisons[i] as Comparison) };
    });
    return { checks, ms: performance.now() - start };
  }
}
