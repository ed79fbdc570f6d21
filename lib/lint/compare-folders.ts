import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that differs between two folders. */
export interface Difference {
  /** Path relative to the folders. */
  readonly file: string;
  readonly problem: string;
  /** First line that differs. @default none, the file is only in one of the folders */
  readonly line?: number;
}

export interface CompareProps {
  /** Folder of the committed files. */
  readonly committed: string;
  /** Folder of the files that the app has just written. */
  readonly fresh: string;
  /** Files of both folders. */
  readonly files: readonly [committed: readonly string[], fresh: readonly string[]];
}

/** Returns the files that differ, sorted. Line ends do not count: git may check files out with others. */
export function compareFolders({ committed, fresh, files: [old, written] }: CompareProps): Difference[] {
  return [...new Set([...old, ...written])].sort().flatMap((file): Difference[] => {
    if (!written.includes(file)) return [{ file, problem: 'is stale: the app does not write it' }];
    if (!old.includes(file)) return [{ file, problem: 'is missing: the app writes it' }];
    const [before, after] = [committed, fresh].map((folder) => readFileSync(join(folder, file), 'utf8').split(/\r?\n/));
    const at = (after ?? []).findIndex((line, index) => line !== before?.[index]);
    if (at < 0 && before?.length === after?.length) return [];
    const line = at < 0 ? (after?.length ?? 0) + 1 : at + 1;
    return [{ file, problem: 'is stale: the app writes something else from this line on', line }];
  });
}
