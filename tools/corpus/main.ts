/**
 * Tabulates findings of `loki-alerts check` in folders of other projects, by id and kind of file, and the duration for
 * each folder. Run it before and after a change to the detection of file kinds.
 *
 *     npm run corpus -- [--bin <bin/loki-alerts.js of another checkout>] <folder>…
 */

import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { classify } from '../../lib/rules/read/documents';
import { textKind } from '../../lib/rules/read/text-kind';
import { loadText } from '../../lib/yaml/load';
import { parseYaml } from '../../lib/yaml/parse';

interface Finding {
  readonly id: string;
  readonly place?: { readonly file: string };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { bin: { type: 'string', default: join(__dirname, '../../bin/loki-alerts.js') } },
});
/** Enough for a hundred thousand findings in one folder. */
const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

const findings = new Map<string, number>();
const notes = new Map<string, number>();
const failed: string[] = [];
for (const folder of positionals) {
  const started = performance.now();
  const { stdout, status, signal } = spawnSync(process.execPath, [resolve(values.bin), 'check', '--format', 'json'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status === null || status > 1) failed.push(`${folder}: exit code ${status ?? signal}`);
  const output = stdout ? (JSON.parse(stdout) as { findings: Finding[]; notes?: Finding[] }) : { findings: [] };
  count(findings, folder, output.findings);
  count(notes, folder, output.notes ?? []);
  console.log(`${seconds.padStart(6)} s  ${String(output.findings.length).padStart(6)} findings  ${folder}`);
}
print('findings', findings);
print('notes', notes);
for (const line of failed) console.error(line);
process.exitCode = failed.length > 0 ? 1 : 0;

function count(table: Map<string, number>, folder: string, all: readonly Finding[]): void {
  for (const { id, place } of all) {
    const row = `${id}\t${place ? kindOf(resolve(folder, place.file)) : '-'}`;
    table.set(row, (table.get(row) ?? 0) + 1);
  }
}

/** Returns the distinct kinds of documents in a file. */
function kindOf(path: string): string {
  const source = loadText(path);
  if ('id' in source) return 'unreadable';
  const { documents, problems } = parseYaml(source.text);
  if (problems.length > 0) return `not YAML: ${textKind(source.text)}`;
  const kinds = documents.map((document) => {
    const classified = classify(document);
    return classified.kind === 'other' ? (classified.other?.name ?? 'other') : classified.kind;
  });
  return [...new Set(kinds)].slice(0, 3).join(' + ');
}

function print(title: string, table: ReadonlyMap<string, number>): void {
  const total = [...table.values()].reduce((sum, n) => sum + n, 0);
  console.log(`\n${total} ${title}`);
  for (const [row, n] of [...table].sort(([, a], [, b]) => b - a)) {
    const [id = '', kind = ''] = row.split('\t');
    console.log(`${String(n).padStart(7)}  ${id.padEnd(28)} ${kind}`);
  }
}
