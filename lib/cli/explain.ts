import { Command } from 'commander';
import { CHECK_IDS, isCheckId } from '../checks';
import { checkPageText, docNames, docText } from '../checks/pages';
import { UsageError } from '../lint/exit-codes';
import { didYouMean } from '../text/did-you-mean';
import { printLine, type Shell } from './shell';

/** `loki-alerts explain <id>` */
export function explainCommand({ stdout }: Shell): Command {
  return new Command('explain')
    .description('explain a check, what it reports, why and how to fix it; or print a page of the documentation')
    .argument('<id>', 'ID of the check, shown in brackets in its findings, or name of a page')
    .addHelpText('after', () => `\nPages: ${docNames().join(', ')}`)
    .action((id: string) => printLine(stdout, pageOf(id).trimEnd()));
}

/** @throws UsageError if there is no such check or page */
function pageOf(id: string): string {
  if (isCheckId(id)) return checkPageText(id);
  const names = docNames();
  if (names.includes(id)) return docText(id);
  const similar = didYouMean(id, [...CHECK_IDS, ...names]);
  throw new UsageError(
    `unknown check or page "${id}": see loki-alerts check --list and loki-alerts explain --help${similar}`,
  );
}
