import { Option } from 'commander';

/** The parts of a process that a command uses to answer, so that it can also run inside another program. */
export interface Shell {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  exitCode?: number | string | null | undefined;
}

/** A stream that text is written to; a terminal has a width. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The spelling of `--format json` before all commands had `--format`. */
export function jsonOption(): Option {
  return new Option('--json', 'the same as --format json').implies({ format: 'json' }).hideHelp();
}

/** Writes a text and a line break. */
export function printLine(output: OutputStream, text: string): void {
  output.write(`${text}\n`);
}
