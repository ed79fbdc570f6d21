import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { formatFinding } from '../checks/findings';
import { CLEAN, FOUND } from '../lint/exit-codes';
import { checkTenantRuleFiles } from '../rules/check-rules';
import { byTenant } from '../rules/tenant';
import { ruleFileToYaml } from '../rules/write';
import { readSources, SOURCES } from './rule-sources';
import { diffCommand, syncCommand } from './rules-sync';
import { printLine, type Shell } from './shell';

/** `loki-alerts rules export [sources…] --out <folder>` */
export function rulesCommand(shell: Shell): Command {
  const exported = new Command('export')
    .description('write rules as standard Loki rule files, one for each rule file in the sources')
    .argument(...SOURCES)
    .requiredOption('--out <folder>', 'output folder; created if it does not exist')
    .addHelpText('after', '\nExit codes: 0 success, 1 the rules have errors and nothing was written, 2 could not run.')
    .action(async (sources: string[], { out }: { out: string }) => {
      shell.exitCode = await exportRules(sources, out, shell);
    });
  return new Command('rules')
    .description('work with rule files')
    .addCommand(exported)
    .addCommand(diffCommand(shell))
    .addCommand(syncCommand(shell));
}

async function exportRules(sources: readonly string[], out: string, { stdout, stderr }: Shell): Promise<number> {
  const files = await readSources(sources);
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
