import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { type Finding, finding } from '../checks/findings';
import type { RuleFile } from '../rules/model';
import { readRuleFiles } from '../rules/read';
import { MODULE } from '../yaml/load';
import { BadInput } from './bad-input';

/** Test files and rule files at the paths of the command line. */
export interface Discovered {
  /** Absolute paths of the test files, sorted. */
  readonly testFiles: readonly string[];
  /** Rule files in the folders, tested or not. */
  readonly ruleFiles: readonly RuleFile[];
}

/**
 * Finds test files: those among the paths, and all `*.test.yaml` and `*.test.yml` in folders among them, recursively.
 * @throws {BadInput} for paths that do not exist, and for folders without tests
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
          missing(path, 'no tests in this folder', 'add a *.test.yaml, e.g. with `loki-alerts test --init rules.yaml`'),
        );
      for (const file of found) testFiles.add(resolve(file));
      // The folder may have other YAML files too.
      ruleFiles.push(
        ...readRuleFiles(relative(cwd, absolute) || '.', { cwd }).filter(({ groups }) => groups.length > 0),
      );
    } else if (stats && MODULE.test(path)) {
      findings.push(missing(path, 'expected YAML, got a program', 'pass a test file, or a folder with *.test.yaml'));
    } else if (stats) {
      testFiles.add(absolute);
    } else {
      findings.push(missing(path, 'no such file or folder', 'pass a test file, or a folder with *.test.yaml'));
    }
  }
  if (findings.length > 0) throw new BadInput(findings);
  return { testFiles: [...testFiles].sort(), ruleFiles };
}

function missing(file: string, problem: string, fix: string): Finding {
  return finding('rule-test-file', { problem, fix, place: { file } });
}
