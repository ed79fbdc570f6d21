import { createInterface } from 'node:readline/promises';

/**
 * Asks on the terminal before something is changed.
 * @throws if the answer is not yes, or if nobody can be asked
 */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new Error(`${question} Nobody can be asked here: say --yes`);
  const answer = await ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Error('not confirmed, nothing was done');
}

/** The line that is typed after the question, which goes to stderr. */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
