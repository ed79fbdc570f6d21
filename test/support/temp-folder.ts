import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that is empty before each test. */
export interface TempFolder {
  /** Absolute; another one in each test. */
  readonly path: string;
  /** Writes a file by its path in the folder, folders above it included. @returns its absolute path */
  write(name: string, text: string | Buffer): string;
}

/** Gives each test of the file, or of the `describe` that it is called in, an empty folder that is removed after it. */
export function tempFolder(): TempFolder {
  let path = '';
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'loki-alerts-test-'));
  });
  afterEach(() => rmSync(path, { recursive: true }));
  return {
    get path() {
      return path;
    },
    write(name, text) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
  };
}
