import { isUtf8 } from 'node:buffer';
import { readFileSync, readSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { type Finding, finding } from '../checks/findings';
import { type SourceText, sourceText } from './source';

/**
 * Largest file that is read, in bytes: 10 MiB hold some 25,000 rules, fifty times what Kubernetes allows in one
 * ConfigMap, and take under 3 s and 700 MB to parse.
 */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** Name of a file that is a program in TypeScript or JavaScript. */
export const MODULE = /\.[cm]?[jt]s$/;

/** The path that means standard input. */
export const STDIN = '-';

/** A file as text, or what keeps it from being read. */
export function loadText(path: string, cwd = process.cwd()): SourceText | Finding {
  if (path === STDIN) return readStdin();
  const file = relative(cwd, path);
  if (MODULE.test(path)) {
    return finding('unreadable-file', {
      problem: 'expected YAML, got a program',
      fix: `check the dist that it writes, or export its rules: npx loki-alerts rules export ${file} --out yaml`,
      place: { file },
    });
  }
  try {
    const { size } = statSync(path);
    return size > MAX_FILE_BYTES ? tooLarge(file, size) : decodeText(file, readFileSync(path));
  } catch (error) {
    const problem = `cannot be read: ${(error as Error).message}`;
    return finding('unreadable-file', { problem, fix: 'check that it exists, and its permissions', place: { file } });
  }
}

/** Reads as much of standard input as a file may have. */
function readStdin(): SourceText | Finding {
  const chunks: Buffer[] = [];
  let size = 0;
  const chunk = Buffer.alloc(64 * 1024);
  try {
    for (let read = 1; read > 0 && size <= MAX_FILE_BYTES; size += read) {
      read = readSync(0, chunk);
      chunks.push(Buffer.from(chunk.subarray(0, read)));
    }
  } catch (error) {
    const problem = `cannot be read: ${(error as Error).message}`;
    return finding('unreadable-file', { problem, fix: 'pipe a rule file into it', place: { file: '<stdin>' } });
  }
  return decodeText('<stdin>', Buffer.concat(chunks));
}

/** The bytes of a file as text, or what keeps them from being one. */
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

/** The finding on a file over the limit. */
function tooLarge(file: string, bytes: number): Finding {
  const mib = (n: number) => `${Math.ceil(n / 1024 / 1024)} MiB`;
  const problem = `${mib(bytes)}, more than the limit of ${mib(MAX_FILE_BYTES)}`;
  return finding('unreadable-file', { problem, fix: 'divide it into several rule files', place: { file } });
}
