import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { type Finding, finding } from '../checks/findings';
import type { RuleFile } from '../rules/model';
import { readRuleFiles } from '../rules/read';
import { MODULE } from '../yaml/load';
import { BadInput } from './bad-input';

/** What a person names: test files, and folders with test files and rules. */
export interface Discovered {
  /** Absolute paths of test files, sorted. */
  readonly testFiles: readonly string[];
  /** Rule files in the folders, tested or not. */
  readonly ruleFiles: readonly RuleFile[];
}

/**
 * Finds the test files that are named, and all `*.test.yaml` and `*.test.yml` in folders and below.
 * @throws {BadInput} for what is not there, and for folders without tests
 */
export function discover(paths: readonly string[], cwd = process.cwd()): Discovered {
  const findings: Finding[] = [];
  const testFiles = new Set<string>();
  const ruleFiles: RuleFile[] = [];
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const stats = statSync(absolute, { throwIfNoEntry: false });
    if (stats?.isDirectory()) {
      const found = globSync('**/*.test.{yaml,yml}', { cwd: absolute, absolute: true, ignore: ['**/node_modules/**'] });
      if (found.length === 0)
        findings.push(
          missing(
            path,
            'no test in this folder',
            'add a *.test.yaml; `loki-alerts test --init rules.yaml` writes a first one',
          ),
        );
      for (const file of found) testFiles.add(resolve(file));
      // Other YAML may lie there, too: what holds no rules is not looked at.
      ruleFiles.push(
        ...readRuleFiles(relative(cwd, absolute) || '.', { cwd }).filter(({ groups }) => groups.length > 0),
      );
    } else if (stats && MODULE.test(path)) {
      findings.push(missing(path, 'expected YAML, got a program', 'name a test file, or a folder with *.test.yaml'));
    } else if (stats) {
      testFiles.add(absolute);
    } else {
      findings.push(missing(path, 'no such file or folder', 'name a test file, or a folder with *.test.yaml'));
    }
  }
  if (findings.length > 0) throw new BadInput(findings);
  return { testFiles: [...testFiles].sort(), ruleFiles };
}

function missing(file: string, problem: string, fix: string): Finding {
  return finding('rule-test-file', { problem, fix, place: { file } });
}
