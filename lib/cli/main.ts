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
  .description("Checks and tests Loki's alert rules and Alertmanager's routes.")
  .version(version)
  .addCommand(checkCommand())
  .addCommand(explainCommand())
  .addCommand(rulesCommand())
  .addCommand(testCommand())
  .addCommand(replayCommand())
  .addCommand(capacityCommand())
  .addCommand(imagesCommand())
  .addCommand(migrateCommand())
  .addHelpText('after', '\nExit codes: 0 nothing wrong, 1 something wrong, 2 could not run.');

for (const command of [program, ...program.commands.flatMap((child) => [child, ...child.commands])]) {
  // Commander's own exit code for a wrong option is 1, which means findings here.
  command.exitOverride();
}

program.parseAsync().catch((error: unknown) => {
  // Commander has said what is wrong.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : COULD_NOT_RUN;
  else {
    console.error(`loki-alerts: ${error instanceof UsageError ? error.message : (error as Error).stack}`);
    process.exitCode = COULD_NOT_RUN;
  }
});
