import { resolve } from 'node:path';
import { UsageError } from '../lint/exit-codes';
import { requirePaths } from '../lint/inputs';
import type { RuleFile } from '../rules/model';
import { readRuleFiles } from '../rules/read';
import { MODULE } from '../yaml/load';

/** Argument with the sources of rules, and its description. */
export const SOURCES = [
  '<sources...>',
  'YAML files, folders or globs, or modules (.ts, .js) that export rule files or lists of them',
] as const;

/** Reads rule files from YAML and modules. @throws UsageError if a path does not exist or a module cannot be loaded */
export function readSources(sources: readonly string[]): RuleFile[] {
  requirePaths(sources);
  return sources.flatMap((source) => (MODULE.test(source) ? rulesOfModule(source) : readRuleFiles(source)));
}

/** Returns the rule files that a module exports. bin/loki-alerts.js has registered tsx, which loads TypeScript. */
function rulesOfModule(path: string): RuleFile[] {
  let loaded: Record<string, unknown>;
  try {
    loaded = require(resolve(path)) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`cannot load ${path}: ${loadError(error as NodeJS.ErrnoException)}`);
  }
  const files = Object.values(loaded).flat().filter(isRuleFile);
  if (files.length === 0) {
    throw new UsageError(`no rule files exported by ${path}: export an object { name, groups }, or a list of them`);
  }
  return [...new Set(files)];
}

/** Message of an error in loading a module, without Node's list of the modules that lead to a missing import. */
function loadError({ code, message }: NodeJS.ErrnoException): string {
  const missing = code === 'MODULE_NOT_FOUND' ? /^Cannot find module '([^']*)'/.exec(message)?.[1] : undefined;
  return missing === undefined ? message : `cannot find module '${missing}': install it, or correct the import`;
}

function isRuleFile(value: unknown): value is RuleFile {
  const { name, groups } = (value ?? {}) as Partial<RuleFile>;
  return typeof name === 'string' && Array.isArray(groups);
}
