import { createInterface } from 'node:readline/promises';

/**
 * Asks for confirmation on the terminal.
 * @throws if the answer is not yes, or if stdin is not a terminal
 */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new Error(`${question} Not a terminal: pass --yes`);
  const answer = await ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Error('not confirmed; nothing was changed');
}

/** Prints a question to stderr and returns the line that the user enters. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
