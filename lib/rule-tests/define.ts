import { relative } from 'node:path';
import type { RuleFile } from '../rules/model';
import { BadInput } from './bad-input';
import { nameOf, planFile } from './plan';
import { checkForm, type SourcedTestFile } from './read';
import { failureText } from './report/text';
import type { TestResult } from './result';
import { RuleTester } from './run';
import type { RuleTestFile } from './test-file';

/** Rule tests in TypeScript: the fields of `*.test.yaml`, and rules defined in TypeScript. */
export interface RuleTests extends RuleTestFile {
  /** Rules in addition to those of `rule_files`. @default none */
  readonly rules?: readonly RuleFile[];
}

/** The functions that jest, vitest and `node:test` have in common. */
export interface TestFramework {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
  before(body: () => Promise<void>): void;
  after(body: () => Promise<void>): void;
}

/**
 * Defines one test in jest, vitest or `node:test` for each rule test. The engines start once for all of them; a failure
 * shows the same report as `loki-alerts test`.
 *
 * @param name name of the `describe` block
 * @param tests tests, whose relative paths start at `folder`
 * @param folder `__dirname` of the test file
 * @throws {BadInput} with all findings, before any test runs
 */
export function describeRuleTests(name: string, tests: RuleTests, folder: string): void {
  const { describe, it, before, after } = framework();
  const { rules, ...content } = tests;
  const path = relative(process.cwd(), folder) || '.';
  const file: SourcedTestFile = { content: checkForm(content, path), path, dir: folder, locate: () => undefined };
  const { plans } = planFile(file, rules);
  describe(name, () => {
    let tester: RuleTester | undefined;
    let results: readonly TestResult[] = [];
    before(async () => {
      tester = await RuleTester.start({ progress: (message) => process.stderr.write(`${message}\n`) });
      const run = await tester.run(plans);
      if (run.findings.length > 0) throw new BadInput(run.findings);
      results = run.tests;
    });
    after(async () => tester?.stop());
    for (const [i, test] of content.tests.entries()) {
      it(nameOf(test, i), async () => {
        const result = results[i];
        if (!result?.passed) throw new Error(result ? `\n${failureText(result)}` : 'the test did not run');
      });
    }
  });
}

/** Returns the globals of jest and vitest, or else `node:test`. */
function framework(): TestFramework {
  const globals = globalThis as unknown as {
    describe?: TestFramework['describe'];
    it?: TestFramework['it'];
    beforeAll?: TestFramework['before'];
    afterAll?: TestFramework['after'];
  };
  const { describe, it, beforeAll, afterAll } = globals;
  if (describe && it && beforeAll && afterAll) return { describe, it, before: beforeAll, after: afterAll };
  const node = require('node:test') as TestFramework;
  return { describe: node.describe, it: node.it, before: node.before, after: node.after };
}
