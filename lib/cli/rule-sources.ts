import { UsageError } from '../lint/exit-codes';
import { requirePaths } from '../lint/inputs';
import type { RuleFile } from '../rules/model';
import { readRuleFiles } from '../rules/read';
import { MODULE } from '../yaml/load';
import { loadModule } from './load-module';

/** Argument with the sources of rules, and its description. */
export const SOURCES = [
  '<sources...>',
  'YAML files, folders or globs, or modules (.ts, .js) that export rule files or lists of them',
] as const;

/** Reads rule files from YAML and modules. @throws UsageError if a path does not exist or a module cannot be loaded */
export async function readSources(sources: readonly string[]): Promise<RuleFile[]> {
  requirePaths(sources);
  const files: RuleFile[] = [];
  for (const source of sources) {
    files.push(...(MODULE.test(source) ? await rulesOfModule(source) : readRuleFiles(source)));
  }
  return files;
}

/** Returns the rule files that a module exports. */
async function rulesOfModule(path: string): Promise<RuleFile[]> {
  const files = Object.values(await loadModule(path))
    .flat()
    .filter(isRuleFile);
  if (files.length === 0) {
    throw new UsageError(`no rule files exported by ${path}: export an object { name, groups }, or a list of them`);
  }
  return [...new Set(files)];
}

function isRuleFile(value: unknown): value is RuleFile {
  const { name, groups } = (value ?? {}) as Partial<RuleFile>;
  return typeof name === 'string' && Array.isArray(groups);
}
