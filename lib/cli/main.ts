import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { capacityCommand } from './capacity';
import { checkCommand } from './check';
import { COULD_NOT_RUN, UsageError } from './exit-codes';
import { explainCommand } from './explain';
import { imagesCommand } from './images';
import { migrateCommand } from './migrate';
import { replayCommand } from './replay';
import { rulesCommand } from './rules-export';
import { printLine, type Shell } from './shell';
import { testCommand } from './test';

/** Columns of help that goes to a file; as many as commander's own default. */
const HELP_WIDTH = 80;

/** Runs a command line, the part behind the program's name, and sets the exit code. */
export async function main(args: readonly string[], shell: Shell): Promise<void> {
  try {
    await program(shell).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said what is wrong.
      shell.exitCode = error.exitCode === 0 ? 0 : COULD_NOT_RUN;
      return;
    }
    printLine(shell.stderr, `loki-alerts: ${error instanceof UsageError ? error.message : (error as Error).stack}`);
    shell.exitCode = COULD_NOT_RUN;
  }
}

/** All commands, with their options. */
export function program(shell: Shell): Command {
  const all = new Command('loki-alerts')
    .description("Checks and tests Loki's alert rules and Alertmanager's routes.")
    .version(version)
    .addCommand(checkCommand(shell))
    .addCommand(explainCommand(shell))
    .addCommand(rulesCommand(shell))
    .addCommand(testCommand(shell))
    .addCommand(replayCommand(shell))
    .addCommand(capacityCommand(shell))
    .addCommand(imagesCommand(shell))
    .addCommand(migrateCommand(shell))
    .addHelpText('after', '\nExit codes: 0 nothing wrong, 1 something wrong, 2 could not run.');
  for (const command of [all, ...all.commands.flatMap((child) => [child, ...child.commands])]) {
    // Commander's own exit code for a wrong option is 1, which means findings here.
    command.exitOverride().configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => shell.stderr.write(text),
      getOutHelpWidth: () => shell.stdout.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => shell.stderr.columns ?? HELP_WIDTH,
    });
  }
  return all;
}
