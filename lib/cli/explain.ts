import { Command } from 'commander';
import { CHECK_IDS, isCheckId } from '../checks';
import { checkPageText } from '../checks/pages';
import { UsageError } from '../lint/exit-codes';
import { didYouMean } from '../text/did-you-mean';
import { printLine, type Shell } from './shell';

/** `loki-alerts explain <id>` */
export function explainCommand({ stdout }: Shell): Command {
  return new Command('explain')
    .description('explain a check: what it reports, why, and how to fix it')
    .argument('<id>', 'ID of the check, shown in brackets in its findings')
    .action((id: string) => {
      if (!isCheckId(id)) {
        throw new UsageError(`unknown check "${id}": see loki-alerts check --list${didYouMean(id, CHECK_IDS)}`);
      }
      printLine(stdout, checkPageText(id).trimEnd());
    });
}
