import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { COULD_NOT_RUN, UsageError } from '../lint/exit-codes';
import { printLine, type Shell } from './shell';

/**
 * The commands, each loaded only where it is named or help lists them all: `capacity` and `migrate` load the whole
 * stack, which takes three times as long as what `check` or `explain` need.
 */
const COMMANDS: Readonly<Record<string, (shell: Shell) => Command>> = {
  init: (shell) => (require('./init') as typeof import('./init')).initCommand(shell),
  check: (shell) => (require('./check') as typeof import('./check')).checkCommand(shell),
  explain: (shell) => (require('./explain') as typeof import('./explain')).explainCommand(shell),
  rules: (shell) => (require('./rules-export') as typeof import('./rules-export')).rulesCommand(shell),
  test: (shell) => (require('./test') as typeof import('./test')).testCommand(shell),
  verify: (shell) => (require('./verify') as typeof import('./verify')).verifyCommand(shell),
  replay: (shell) => (require('./replay') as typeof import('./replay')).replayCommand(shell),
  history: (shell) => (require('./history') as typeof import('./history')).historyCommand(shell),
  capacity: (shell) => (require('./capacity') as typeof import('./capacity')).capacityCommand(shell),
  images: (shell) => (require('./images') as typeof import('./images')).imagesCommand(shell),
  migrate: (shell) => (require('./migrate') as typeof import('./migrate')).migrateCommand(shell),
  completion: (shell) =>
    (require('./completion') as typeof import('./completion')).completionCommand(shell, () => program(shell).commands),
};

/** Columns of help that goes to a file; as many as commander's own default. */
const HELP_WIDTH = 80;

/** Runs a command line, without the program's name, and sets the exit code. */
export async function main(args: readonly string[], shell: Shell): Promise<void> {
  try {
    await program(shell, args).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed its errors itself.
      shell.exitCode = error.exitCode === 0 ? 0 : COULD_NOT_RUN;
      return;
    }
    printLine(shell.stderr, `loki-alerts: ${error instanceof UsageError ? error.message : (error as Error).stack}`);
    shell.exitCode = COULD_NOT_RUN;
  }
}

/** The program with the command that the arguments start with, or else with all. */
export function program(shell: Shell, [name = '']: readonly string[] = []): Command {
  const all = new Command('loki-alerts')
    .description("Check and test Loki's alerting rules and Alertmanager's routes.")
    .version(version)
    .addHelpText('after', '\nExit codes: 0 success, 1 findings or failures, 2 could not run.');
  const named = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  for (const command of named ? [named] : Object.values(COMMANDS)) all.addCommand(command(shell));
  for (const command of [all, ...all.commands.flatMap((child) => [child, ...child.commands])]) {
    // Commander exits with 1 for an invalid option, which means findings here.
    command.exitOverride().configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => shell.stderr.write(text),
      getOutHelpWidth: () => shell.stdout.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => shell.stderr.columns ?? HELP_WIDTH,
    });
  }
  return all;
}
