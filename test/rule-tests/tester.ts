import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadInput } from '../../lib/rule-tests/bad-input';
import { planFile } from '../../lib/rule-tests/plan';
import { parseTestFile } from '../../lib/rule-tests/read';
import type { TestResult } from '../../lib/rule-tests/result';
import { RuleTester } from '../../lib/rule-tests/run';

/** Starts the engines once per test file; returns a function that runs inline rule tests. */
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

  /** Runs tests, whose rules are in `rules.yaml`, and returns their results. */
  return async (rules: string, tests: string, files: Record<string, string> = {}): Promise<readonly TestResult[]> => {
    for (const [name, text] of Object.entries({ ...files, 'rules.yaml': rules })) writeFileSync(join(dir, name), text);
    const { plans } = planFile(parseTestFile(`rule_files: [rules.yaml]\n${tests}`, 'rules.test.yaml', dir));
    const { tests: results, findings } = await tester.run(plans);
    if (findings.length > 0) throw new BadInput(findings);
    return results;
  };
}

/** Returns a rule file with one alert. */
export function alert(expr: string, more = ''): string {
  return `groups: [{ name: g, rules: [{ alert: A, expr: '${expr}'${more && `, ${more}`} }] }]`;
}

/** Returns the actual values of the failed checks of a test. */
export function got(result: TestResult | undefined): unknown[] {
  return (result?.checks ?? []).filter(({ passed }) => !passed).map((check) => check.got);
}
