import type { Finding } from '../checks/findings';
import { CLEAN, COULD_NOT_RUN, FOUND } from '../lint/exit-codes';
import { failedTests, toJson } from '../rule-tests/report/machine';
import { RuleTester } from '../rule-tests/run';
import { printLine, type Shell } from './shell';
import { findingsOf, loadTests } from './test';

/** Results of rule tests, for a report that contains more than them. */
export interface TestReport {
  /** Failed tests, and those that could not be run. */
  readonly findings: readonly Finding[];
  /** Fields of the format `json` of `loki-alerts test`. */
  readonly fields: object;
  readonly exitCode: number;
}

/** Runs the tests at the paths, and prints only progress. */
export async function testReport(paths: readonly string[], { stderr }: Shell): Promise<TestReport> {
  let tester: RuleTester | undefined;
  try {
    const { files, findings } = await loadTests(paths, {});
    tester = await RuleTester.start({ progress: (message) => printLine(stderr, message) });
    const result = await tester.run(files.flatMap(({ plans }) => plans));
    const notRun = [...findings, ...result.findings];
    const failed = failedTests(result);
    return {
      findings: [...notRun, ...failed],
      fields: toJson(result),
      exitCode: notRun.length > 0 ? COULD_NOT_RUN : failed.length > 0 ? FOUND : CLEAN,
    };
  } catch (error) {
    return { findings: findingsOf(error), fields: {}, exitCode: COULD_NOT_RUN };
  } finally {
    await tester?.stop();
  }
}
