/**
 * A text with files in it: a comment, then each file below a line `-- name --`.
 *
 * @see https://pkg.go.dev/golang.org/x/tools/txtar
 */
export interface Archive {
  readonly comment: string;
  readonly files: readonly ArchiveFile[];
}

export interface ArchiveFile {
  readonly name: string;
  /** Ends with a line break, or is empty. */
  readonly text: string;
}

/** Two parts: the line of a file's name, and the name. */
const MARKER = /^(-- (.+) --\n)/m;

export function parseArchive(text: string): Archive {
  const [comment = '', ...parts] = text.split(MARKER);
  const files: ArchiveFile[] = [];
  for (let i = 0; i < parts.length; i += 3) files.push({ name: parts[i + 1] ?? '', text: parts[i + 2] ?? '' });
  return { comment, files };
}

/** @throws if a text could not be distinguished from what follows it */
export function formatArchive({ comment, files }: Archive): string {
  for (const { name, text } of files) {
    if (!/^$|\n$/.test(text)) throw new Error(`"${name}" does not end with a line break: ${JSON.stringify(text)}`);
    if (MARKER.test(text)) throw new Error(`"${name}" holds a line like "-- name --"`);
  }
  return comment + files.map(({ name, text }) => `-- ${name} --\n${text}`).join('');
}
