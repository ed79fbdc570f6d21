import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { lokiAlerts } from '../support/cli';
import { type ArchiveFile, formatArchive, parseArchive } from '../support/txtar';

const ROOT = resolve(__dirname, '../..');

const PROGRAM = 'loki-alerts';

/** The commands of a transcript, without the program's name, and their exit codes. */
export function answersOf(text: string): { readonly args: string[]; readonly code: number }[] {
  const { files } = parseArchive(text);
  return files.flatMap(({ name, text }, i) =>
    name === 'command' ? [{ args: parseCommand(text), code: Number(files[i + 1]?.text) }] : [],
  );
}

/**
 * Runs the commands of a transcript with its files in a new folder.
 *
 * @returns the transcript as it should be: with what the commands answered, and the files that they wrote
 */
export async function replayTranscript(text: string): Promise<string> {
  const { comment, files } = parseArchive(text);
  const first = files.findIndex(({ name }) => name === 'command');
  if (first < 0) throw new Error('the transcript has no command');
  const inputs = files.slice(0, first);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'loki-alerts-transcript-')));
  try {
    // Apps that are written here find the library as in a project that has it installed.
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(ROOT, join(folder, 'node_modules/loki-alerts'));
    for (const { name, text } of inputs) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const answers: ArchiveFile[] = [];
    for (const command of files.filter(({ name }) => name === 'command')) {
      answers.push(command, ...(await answer(parseCommand(command.text), folder)));
    }
    return formatArchive({ comment, files: [...inputs, ...answers] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function answer(args: readonly string[], folder: string): Promise<ArchiveFile[]> {
  const before = filesIn(folder);
  const { status, stdout, stderr } = await lokiAlerts(args, folder);
  const written = [...filesIn(folder)].filter(([name, text]) => before.get(name) !== text);
  const said = Object.entries({ stdout, stderr }).filter(([, text]) => text !== '');
  return [
    { name: 'exit code', text: `${status}\n` },
    ...said.map(([name, text]) => ({ name, text: steady(text, args, folder) })),
    ...written.map(([name, text]) => ({ name, text })),
  ];
}

/** Without what differs from machine to machine: where the folders are, and how long the engines took. */
function steady(text: string, [command]: readonly string[], folder: string): string {
  const inPlace = text.replaceAll(folder, '$FOLDER').replaceAll(ROOT, '$LOKI_ALERTS');
  return command === 'test' ? inPlace.replaceAll(/\d+\.\d\d s\b/g, '… s') : inPlace;
}

function filesIn(folder: string): Map<string, string> {
  const names = globSync('**', { cwd: folder, dot: true, ignore: ['node_modules'] }).sort();
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Splits a command line as a shell would, which quotes in no other way here. */
function parseCommand(line: string): string[] {
  const [program, ...args] = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  if (program !== PROGRAM) throw new Error(`expected a command of ${PROGRAM}, got ${line}`);
  return args;
}
