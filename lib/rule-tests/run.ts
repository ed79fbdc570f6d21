import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Engine, ensureEngines } from '../engines';
import { makeTempFolder, removeTempFolder } from '../engines/cleanup';
import type { Comparison } from './compare';
import { type Evaluation, evaluate } from './evaluate';
import { judge } from './judge';
import { located } from './located';
import { TestLoki } from './loki';
import { checkNotifications } from './notifications';
import { orEnded } from './or-ended';
import type { Plan } from './plan';
import { runTrials, type Verdict } from './promtool';
import type { ExpectationResult, RunResult, TestResult } from './result';

export interface RunOptions {
  /** Number of tests that run at the same time. @default number of processors */
  readonly jobs?: number;
  /** Called with the result of each test. @default none */
  readonly onResult?: (result: TestResult) => void;
}

/** Maximum number of tests that share a promtool process, whose start takes as long as four tests. */
const MAX_BATCH_TESTS = 10;
/** Time after which a batch is not filled further, milliseconds: results should appear soon. */
const MAX_BATCH_MS = 300;

/** The engines that run tests, from `start` to `stop`. */
export class RuleTester {
  private constructor(
    private readonly loki: TestLoki,
    private readonly promtool: Engine,
    private readonly dir: string,
  ) {}

  /** Set by the first run with notification tests. */
  private alertmanager?: Engine;

  /** Finds Loki and promtool, and starts Loki. @throws if one is missing, too old or does not start */
  static async start(): Promise<RuleTester> {
    const { loki, promtool } = await ensureEngines(['loki', 'promtool']);
    return new RuleTester(await TestLoki.start(loki), promtool, makeTempFolder());
  }

  /** Runs tests. @throws {BadInput} if Loki rejects the lines of a test; any error of an engine */
  async run(plans: readonly Plan[], options: RunOptions = {}): Promise<RunResult> {
    const start = performance.now();
    const jobs = options.jobs ?? availableParallelism();
    if (plans.some(({ test }) => test.notification_test?.length)) {
      this.alertmanager ??= (await ensureEngines(['alertmanager'])).alertmanager;
    }
    const queue = [...plans];
    const results = new Map<Plan, TestResult>();
    const work = async (worker: number) => {
      while (queue.length > 0) {
        for (const [plan, result] of await this.runBatch(queue, join(this.dir, `worker-${worker}`))) {
          results.set(plan, result);
          options.onResult?.(result);
        }
      }
    };
    const workers = Array.from({ length: Math.min(jobs, plans.length) }, (_, i) => work(i));
    await orEnded(Promise.all(workers), this.loki);
    const tests = plans.flatMap((plan) => results.get(plan) ?? []);
    return {
      tests,
      versions: {
        loki: this.loki.version,
        promtool: this.promtool.version,
        alertmanager: this.alertmanager?.version,
      },
      ms: performance.now() - start,
    };
  }

  async stop(): Promise<void> {
    removeTempFolder(this.dir);
    await this.loki.stop();
  }

  /** Takes tests from the queue and runs them with one promtool process. */
  private async runBatch(queue: Plan[], dir: string): Promise<[Plan, TestResult][]> {
    const begin = performance.now();
    const evaluations: Evaluation[] = [];
    while (evaluations.length < MAX_BATCH_TESTS && performance.now() - begin < MAX_BATCH_MS) {
      const plan = queue.shift();
      if (!plan) break;
      evaluations.push(await evaluate(this.loki, plan));
    }
    const start = performance.now();
    const verdicts = await runTrials(
      this.promtool,
      dir,
      evaluations.flatMap(({ trials }) => trials),
    );
    const share = (performance.now() - start) / evaluations.length;
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
