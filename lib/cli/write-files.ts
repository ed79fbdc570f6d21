import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../lint/exit-codes';

/**
 * Writes files, and creates their folders. Existing files are only replaced after all have been written beside them.
 * @throws UsageError if one of them cannot be written; none is changed then
 */
export function writeFiles(texts: ReadonlyMap<string, string>): void {
  const written: (readonly [temporary: string, path: string])[] = [];
  try {
    for (const [path, text] of texts) {
      mkdirSync(dirname(path), { recursive: true });
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${path} is a folder`);
      const temporary = `${path}.${process.pid}.tmp`;
      written.push([temporary, path]);
      writeFileSync(temporary, text);
    }
    for (const [temporary, path] of written) renameSync(temporary, path);
  } catch (error) {
    for (const [temporary] of written) rmSync(temporary, { force: true });
    throw new UsageError(`cannot write the output, so nothing was written: ${(error as Error).message}`);
  }
}

/** Returns YAML files in the folders of these files that are not among them, such as those of an earlier export. */
export function otherYaml(paths: readonly string[]): string[] {
  const folders = [...new Set(paths.map((path) => dirname(path)))];
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => join(folder, name))
      .filter((path) => !paths.includes(path))
      .sort(),
  );
}
