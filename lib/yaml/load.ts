import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { type Finding, finding } from '../checks/findings';
import { type SourceText, sourceText } from './source';

/**
 * Maximum size of a file in bytes. 10 MiB are about 25,000 rules, fifty times what Kubernetes allows in one ConfigMap,
 * and take less than 3 s and 700 MB to parse.
 */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** File names of TypeScript and JavaScript modules. */
export const MODULE = /\.[cm]?[jt]s$/;

/** Path of standard input on the command line. */
export const STDIN = '-';

/** Name of standard input in messages. */
export const STDIN_NAME = '<stdin>';

/** Returns the text of a file, or a finding if it cannot be read. */
export function loadText(path: string, cwd = process.cwd()): SourceText | Finding {
  if (path === STDIN) return readStdin();
  const file = relative(cwd, path);
  if (MODULE.test(path)) {
    return finding('unreadable-file', {
      problem: 'expected YAML, got a TypeScript or JavaScript module',
      fix: `check the dist folder that it writes, or export its rules: npx loki-alerts rules export ${file} --out yaml`,
      place: { file },
    });
  }
  try {
    const stats = statSync(path);
    if (stats.isFile() && stats.size > MAX_FILE_BYTES) return tooLarge(file, stats.size);
    return decodeText(file, stats.isFile() ? readFileSync(path) : readPipe(path));
  } catch (error) {
    const problem = `cannot be read: ${(error as Error).message}`;
    return finding('unreadable-file', { problem, fix: 'check that it exists and is readable', place: { file } });
  }
}

function readStdin(): SourceText | Finding {
  try {
    return decodeText(STDIN_NAME, readUpToLimit(0));
  } catch (error) {
    const problem = `cannot be read: ${(error as Error).message}`;
    return finding('unreadable-file', { problem, fix: 'pipe a rule file to it', place: { file: STDIN_NAME } });
  }
}

/** Reads a named pipe, such as that of `check <(helm template .)` in a shell. */
function readPipe(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    return readUpToLimit(file);
  } finally {
    closeSync(file);
  }
}

/** Reads a stream, whose size is unknown, to a little more than the maximum size of a file. */
function readUpToLimit(file: number): Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  const chunk = Buffer.alloc(64 * 1024);
  for (let read = 1; read > 0 && size <= MAX_FILE_BYTES; size += read) {
    read = readSync(file, chunk);
    chunks.push(Buffer.from(chunk.subarray(0, read)));
  }
  return Buffer.concat(chunks);
}

/** Returns the bytes of a file as text, or a finding if they are too many or not UTF-8. */
function decodeText(file: string, bytes: Buffer): SourceText | Finding {
  if (bytes.length > MAX_FILE_BYTES) return tooLarge(file, bytes.length);
  if (!isUtf8(bytes)) {
    return finding('unreadable-file', {
      problem: 'not UTF-8 text',
      fix: 'save it as UTF-8, or remove it',
      place: { file },
    });
  }
  return sourceText(file, bytes.toString('utf8'));
}

/** Finding for a file over the limit. */
function tooLarge(file: string, bytes: number): Finding {
  const mib = (n: number) => `${Math.ceil(n / 1024 / 1024)} MiB`;
  const problem = `${mib(bytes)}, more than the limit of ${mib(MAX_FILE_BYTES)}`;
  return finding('unreadable-file', { problem, fix: 'split it into several rule files', place: { file } });
}
