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
import type { Plan } from './plan';
import { runTrials, type Verdict } from './promtool';
import type { Check, RunResult, TestResult } from './result';

export interface RunOptions {
  /** Tests that are run at the same time. @default the number of processors */
  readonly jobs?: number;
  /** Told of each test when it is done. @default nobody */
  readonly onResult?: (result: TestResult) => void;
}

/** Tests that share one promtool process: its start costs as much as four tests, and results should not be late. */
const CHUNK = 10;

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
