import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { lokiAlerts } from '../support/cli';
import { type ArchiveFile, formatArchive, parseArchive } from '../support/txtar';

const ROOT = resolve(__dirname, '../..');

const PROGRAM = 'loki-alerts';

/** Commands of a transcript, without the program's name, and their exit codes. */
export function exitCodesOf(text: string): { readonly args: string[]; readonly code: number }[] {
  const { files } = parseArchive(text);
  return files.flatMap(({ name, text }, i) =>
    name === 'command' ? [{ args: parseCommand(text), code: Number(files[i + 1]?.text) }] : [],
  );
}

/**
 * Runs the commands of a transcript in a new folder with its files.
 *
 * @returns the transcript with the actual output of the commands, and the files that they wrote
 */
export async function replayTranscript(text: string): Promise<string> {
  const { comment, files } = parseArchive(text);
  const first = files.findIndex(({ name }) => name === 'command');
  if (first < 0) throw new Error('the transcript has no command');
  const inputs = files.slice(0, first);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'loki-alerts-transcript-')));
  try {
    // Apps in this folder find the library as in a project in which it is installed.
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(ROOT, join(folder, 'node_modules/loki-alerts'));
    for (const { name, text } of inputs) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const results: ArchiveFile[] = [];
    for (const command of files.filter(({ name }) => name === 'command')) {
      results.push(command, ...(await runCommand(parseCommand(command.text), folder)));
    }
    return formatArchive({ comment, files: [...inputs, ...results] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runCommand(args: readonly string[], folder: string): Promise<ArchiveFile[]> {
  const before = filesIn(folder);
  const { status, stdout, stderr } = await lokiAlerts(args, folder);
  const written = [...filesIn(folder)].filter(([name, text]) => before.get(name) !== text);
  const output = Object.entries({ stdout, stderr }).filter(([, text]) => text !== '');
  return [
    { name: 'exit code', text: `${status}\n` },
    ...output.map(([name, text]) => ({ name, text: normalized(text, args, folder) })),
    ...written.map(([name, text]) => ({ name, text })),
  ];
}

/** Replaces what differs between machines: paths, and the time that the engines took. */
function normalized(text: string, [command]: readonly string[], folder: string): string {
  const relocated = text.replaceAll(folder, '$FOLDER').replaceAll(ROOT, '$LOKI_ALERTS');
  return command === 'test' ? relocated.replaceAll(/\d+\.\d\d s\b/g, '… s') : relocated;
}

function filesIn(folder: string): Map<string, string> {
  const names = globSync('**', { cwd: folder, dot: true, ignore: ['node_modules'] }).sort();
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Splits a command line like a shell; only single quotes are supported. */
function parseCommand(line: string): string[] {
  const [program, ...args] = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  if (program !== PROGRAM) throw new Error(`expected a ${PROGRAM} command, got ${line}`);
  return args;
}
