import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds between two looks at whether another process has made it: little of the second that most take. */
const PAUSE_MS = 20;

/**
 * Returns a value that is costly to make and the same for several test files, which share no memory: the first caller
 * makes it, the others wait for it and read it.
 */
export function oncePerRun<T>(name: string, make: () => T): T {
  const { TEST_RUN_FOLDER } = process.env;
  if (!TEST_RUN_FOLDER) throw new Error('TEST_RUN_FOLDER is not set: global-setup.js must be the globalSetup of jest');
  const file = join(TEST_RUN_FOLDER, encodeURIComponent(name));
  while (!existsSync(file)) {
    if (claim(`${file}.lock`)) return makeInto(file, make);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

function makeInto<T>(file: string, make: () => T): T {
  try {
    const made = make();
    writeFileSync(`${file}.part`, JSON.stringify(made));
    renameSync(`${file}.part`, file);
    return made;
  } finally {
    // Where it failed, the next that asks fails by itself.
    rmdirSync(`${file}.lock`);
  }
}

/** Returns whether this process is the one to make it. */
function claim(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
