import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes all files of a folder, or none: first to a temporary folder, which becomes the folder, or whose content is moved
 * to it if it exists.
 * @param folder path of a folder without entries of these names; it is created with its parents if necessary
 */
export function writeFolder(folder: string, files: Readonly<Record<string, string>>): void {
  const exists = existsSync(folder);
  const around = exists ? folder : dirname(folder);
  const created = mkdirSync(around, { recursive: true });
  let temp: string | undefined;
  try {
    // Inside or beside the folder, because files can only be moved within a file system.
    temp = mkdtempSync(join(around, `.${basename(folder)}-`));
    // Within it, because only the user may read a temporary folder.
    const fresh = join(temp, 'fresh');
    mkdirSync(fresh);
    for (const [name, text] of Object.entries(files)) {
      const path = join(fresh, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    if (exists) moveEntries(fresh, folder);
    else renameSync(fresh, folder);
  } catch (error) {
    if (created !== undefined) rmSync(created, { recursive: true, force: true });
    throw error;
  } finally {
    if (temp !== undefined) rmSync(temp, { recursive: true, force: true });
  }
}

function moveEntries(from: string, to: string): void {
  const moved: string[] = [];
  try {
    for (const entry of readdirSync(from)) {
      renameSync(join(from, entry), join(to, entry));
      moved.push(join(to, entry));
    }
  } catch (error) {
    for (const path of moved) rmSync(path, { recursive: true, force: true });
    throw error;
  }
}
