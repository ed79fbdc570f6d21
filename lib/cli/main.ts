import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { COULD_NOT_RUN, UsageError } from '../lint/exit-codes';
import { capacityCommand } from './capacity';
import { checkCommand } from './check';
import { explainCommand } from './explain';
import { imagesCommand } from './images';
import { migrateCommand } from './migrate';
import { replayCommand } from './replay';
import { rulesCommand } from './rules-export';
import { testCommand } from './test';

const program = new Command('loki-alerts')
  .description("Check and test Loki's alerting rules and Alertmanager's routes.")
  .version(version)
  .addCommand(checkCommand())
  .addCommand(explainCommand())
  .addCommand(rulesCommand())
  .addCommand(testCommand())
  .addCommand(replayCommand())
  .addCommand(capacityCommand())
  .addCommand(imagesCommand())
  .addCommand(migrateCommand())
  .addHelpText('after', '\nExit codes: 0 success, 1 findings or failures, 2 could not run.');

for (const command of [program, ...program.commands.flatMap((child) => [child, ...child.commands])]) {
  // Commander exits with 1 for an invalid option, which means findings here.
  command.exitOverride();
}

program.parseAsync().catch((error: unknown) => {
  // Commander has printed its errors itself.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : COULD_NOT_RUN;
  else {
    console.error(`loki-alerts: ${error instanceof UsageError ? error.message : (error as Error).stack}`);
    process.exitCode = COULD_NOT_RUN;
  }
});
