import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { formatFinding } from '../checks/findings';
import { CLEAN, FOUND, UsageError } from '../lint/exit-codes';
import { requirePaths } from '../lint/inputs';
import { checkTenantRuleFiles } from '../rules/check-rules';
import type { RuleFile } from '../rules/model';
import { readRuleFiles } from '../rules/read';
import { byTenant } from '../rules/tenant';
import { ruleFileToYaml } from '../rules/write';
import { MODULE } from '../yaml/load';
import { loadModule } from './load-module';
import { printLine, type Shell } from './shell';

/** `loki-alerts rules export [sources…] --out <folder>` */
export function rulesCommand(shell: Shell): Command {
  const exported = new Command('export')
    .description('write rules as standard Loki rule files, one for each rule file in the sources')
    .argument(
      '<sources...>',
      'YAML files, folders or globs, or modules (.ts, .js) that export rule files or lists of them',
    )
    .requiredOption('--out <folder>', 'output folder; created if it does not exist')
    .addHelpText('after', '\nExit codes: 0 success, 1 the rules have errors and nothing was written, 2 could not run.')
    .action(async (sources: string[], { out }: { out: string }) => {
      shell.exitCode = await exportRules(sources, out, shell);
    });
  return new Command('rules').description('work with rule files').addCommand(exported);
}

async function exportRules(sources: readonly string[], out: string, { stdout, stderr }: Shell): Promise<number> {
  requirePaths(sources);
  const files: RuleFile[] = [];
  for (const source of sources) {
    files.push(...(MODULE.test(source) ? await rulesOfModule(source) : readRuleFiles(source)));
  }
  const errors = checkTenantRuleFiles(files).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    for (const error of errors) printLine(stderr, formatFinding(error));
    return FOUND;
  }
  for (const [tenant, own] of byTenant(files)) {
    const folder = join(out, tenant ?? '');
    mkdirSync(folder, { recursive: true });
    for (const file of own) {
      writeFileSync(join(folder, file.name), ruleFileToYaml(file));
      printLine(stdout, join(folder, file.name));
    }
  }
  return CLEAN;
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
