import { main } from '../../lib/cli/main';
import type { OutputStream } from '../../lib/cli/shell';

/** Output and exit code of a command. */
export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `loki-alerts` with these arguments in a folder, inside this process: a process of its own takes half a second. */
export async function lokiAlerts(args: readonly string[], cwd: string): Promise<Answer> {
  const stdout = new Text();
  const stderr = new Text();
  const shell = { stdout, stderr, exitCode: 0 };
  const before = process.cwd();
  process.chdir(cwd);
  try {
    await main(args, shell);
  } finally {
    process.chdir(before);
  }
  return { status: shell.exitCode, stdout: stdout.text, stderr: stderr.text };
}

class Text implements OutputStream {
  text = '';

  write(text: string): void {
    this.text += text;
  }
}
