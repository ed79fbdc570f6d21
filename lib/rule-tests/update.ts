import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isNode, isScalar, stringify, type YAMLMap } from 'yaml';
import { nodeAt } from '../yaml/nodes';
import { OWN_YAML, parseYaml, type YamlDocument } from '../yaml/parse';
import type { ExpectationResult, TestResult } from './result';

/**
 * Replaces failed expectations with the actual values, in the test files. The rest of a file stays unchanged.
 * @returns number of replaced expectations by file
 */
export function updateFiles(results: readonly TestResult[]): Map<string, number> {
  const written = new Map<string, number>();
  for (const file of new Set(results.map((result) => result.file))) {
    const checks = results
      .filter((result) => result.file === file)
      .flatMap((result) => result.checks.filter(({ passed, failed }) => !passed && !failed));
    if (checks.length === 0) continue;
    const path = resolve(file);
    writeFileSync(path, updateText(readFileSync(path, 'utf8'), checks));
    written.set(file, checks.length);
  }
  return written;
}

/** Returns the text of a test file with the actual values in place of the expectations. */
export function updateText(text: string, checks: readonly Pick<ExpectationResult, 'path' | 'got'>[]): string {
  const [document] = parseYaml(text, OWN_YAML).documents;
  if (!document) throw new Error('the test file is empty');
  const edits = checks.map(({ path, got }) => edit(document, text, path, got));
  // From the end, so that the offsets of earlier edits stay valid.
  return edits
    .sort((a, b) => b.from - a.from)
    .reduce((whole, { from, to, text: by }) => whole.slice(0, from) + by + whole.slice(to), text);
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function edit(document: YamlDocument, text: string, path: ExpectationResult['path'], value: unknown): Edit {
  const map = nodeAt(document, path.slice(0, -1)) as YAMLMap;
  const key = String(path.at(-1));
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  const [start = 0, end = 0] = map.range ?? [];
  if (map.flow) {
    const flow = stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
    if (isNode(pair?.value) && pair.value.range)
      return { from: pair.value.range[0], to: pair.value.range[1], text: flow };
    const last = text.slice(start, end - 1).trimEnd().length + start;
    return { from: last, to: last, text: `, ${key}: ${flow}` };
  }
  // All keys of a block mapping start in the same column.
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  const by = key + block(value, column);
  if (isScalar(pair?.key) && pair.key.range) {
    const last = isNode(pair.value) ? pair.value.range?.[1] : undefined;
    const to = last ?? pair.key.range[1];
    // The range of a block collection extends to the content of the next line.
    const trailing = /\s*$/.exec(text.slice(pair.key.range[0], to))?.[0].length ?? 0;
    return { from: pair.key.range[0], to: to - trailing, text: by };
  }
  const trailing = /\s*$/.exec(text.slice(start, end))?.[0].length ?? 0;
  return { from: end - trailing, to: end - trailing, text: `\n${' '.repeat(column)}${by}` };
}

/** Formats a value after its key: on the same line, or indented below it. */
function block(value: unknown, column: number): string {
  const plain = stringify(value, { lineWidth: 0 }).trimEnd();
  const isShort = typeof value !== 'object' || value === null || Object.keys(value).length === 0;
  if (isShort) return `: ${plain}`;
  const margin = ' '.repeat(column + 2);
  return `:\n${plain.replace(/^(?=.)/gm, margin)}`;
}
