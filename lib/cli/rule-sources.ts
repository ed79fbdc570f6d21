import { readdirSync } from 'node:fs';
import { makeTempFolder, removeTempFolder } from '../engines/cleanup';
import { UsageError } from '../lint/exit-codes';
import { requirePaths } from '../lint/inputs';
import type { RuleFile } from '../rules/model';
import { readRuleFiles } from '../rules/read';
import { MODULE } from '../yaml/load';
import { loadApp } from './load-module';

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

/** Returns the rule files that a module exports, or else those in the manifests that it writes as a cdk8s app. */
async function rulesOfModule(path: string): Promise<RuleFile[]> {
  const outdir = makeTempFolder();
  try {
    const exported = Object.values(await loadApp(path, outdir))
      .flat()
      .filter(isRuleFile);
    const files = exported.length > 0 ? [...new Set(exported)] : rulesIn(outdir);
    if (files.length > 0) return files;
    const fix = 'export an object { name, groups } or a list of them, or name an app that writes rules';
    throw new UsageError(`no rule files exported by ${path}: ${fix}`);
  } finally {
    removeTempFolder(outdir);
  }
}

function rulesIn(folder: string): RuleFile[] {
  if (readdirSync(folder).length === 0) return [];
  return readRuleFiles(folder).filter(({ groups }) => groups.length > 0);
}

function isRuleFile(value: unknown): value is RuleFile {
  const { name, groups } = (value ?? {}) as Partial<RuleFile>;
  return typeof name === 'string' && Array.isArray(groups);
}
