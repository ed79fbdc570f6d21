import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { TestResult } from './result';

/**
 * Writes what was got over what was expected, in the files of failed tests; comments stay.
 * @returns the number of expectations written, by file
 */
export function updateFiles(results: readonly TestResult[]): Map<string, number> {
  const written = new Map<string, number>();
  for (const file of new Set(results.map((result) => result.file))) {
    const checks = results
      .filter((result) => result.file === file)
      .flatMap((result) => result.checks.filter(({ passed }) => !passed));
    if (checks.length === 0) continue;
    const path = resolve(file);
    const document = parseDocument(readFileSync(path, 'utf8'));
    for (const { path: target, got } of checks) document.setIn(target, document.createNode(got));
    writeFileSync(path, document.toString({ lineWidth: 0 }));
    written.set(file, checks.length);
  }
  return written;
}
