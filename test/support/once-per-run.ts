import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What is costly to make and the same for several test files, which share no memory: the first that asks makes it, the
 * others read it. Two that ask at the same time both make it.
 */
export function oncePerRun<T>(name: string, make: () => T): T {
  const { TEST_RUN_FOLDER } = process.env;
  if (!TEST_RUN_FOLDER) throw new Error('TEST_RUN_FOLDER is not set: run-folder.js must be the globalSetup of jest');
  const file = join(TEST_RUN_FOLDER, `${encodeURIComponent(name)}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  const made = make();
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(made));
  renameSync(`${file}.${process.pid}`, file);
  return made;
}
