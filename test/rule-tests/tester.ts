import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planFile } from '../../lib/rule-tests/plan';
import { parseTestFile } from '../../lib/rule-tests/read';
import type { TestResult } from '../../lib/rule-tests/result';
import { RuleTester } from '../../lib/rule-tests/run';

/** Runs tests that are written down in a test, on engines that are started once for a test file. */
export function useTester() {
  let tester: RuleTester;
  const dir = mkdtempSync(join(tmpdir(), 'rule-tests-'));
  beforeAll(async () => {
    tester = await RuleTester.start();
  });
  afterAll(async () => {
    await tester.stop();
    rmSync(dir, { recursive: true });
  });

  /** Results of the tests in the text; the rules are in `rules.yaml`. */
  return async (rules: string, tests: string, files: Record<string, string> = {}): Promise<readonly TestResult[]> => {
    for (const [name, text] of Object.entries({ ...files, 'rules.yaml': rules })) writeFileSync(join(dir, name), text);
    const { plans } = planFile(parseTestFile(`rule_files: [rules.yaml]\n${tests}`, 'rules.test.yaml', dir));
    return (await tester.run(plans)).tests;
  };
}

/** A rule file with one alert. */
export function alert(expr: string, more = ''): string {
  return `groups: [{ name: g, rules: [{ alert: A, expr: '${expr}'${more && `, ${more}`} }] }]`;
}

/** What was got by the failed checks of a test. */
export function got(result: TestResult | undefined): unknown[] {
  return (result?.checks ?? []).filter(({ passed }) => !passed).map((check) => check.got);
}
