import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAINS, objects, synthMain } from './manifests/synth';

const ROOT = join(__dirname, '..');

/** The apps of the table in docs/capacity.md, by its first cell. */
const PROFILES: Readonly<Record<string, string>> = {
  demo: 'main.ts',
  single: 'examples/single/main.ts',
  distributed: 'examples/production/main.ts',
};

/** Objects of an app's manifests, and their size to ten KiB: as much as a reader needs, and a changed comment is none. */
function sizeOf(main: string): string[] {
  const files = synthMain(main);
  const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return [`${objects(files).length}`, `${10 * Math.round(bytes / 1024 / 10)} KiB`];
}

/** Numbers of objects that a text names and no app of this repository has, with the line. */
function stale(text: string, counts: readonly string[]): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/\b(\d+) (?:Kubernetes )?objects\b/g)]
        .filter(([, count = '']) => !counts.includes(count))
        .map(([found]) => `${index + 1}: ${found}`),
    );
}

test("the table of profiles has the manifests' objects and bytes", () => {
  const page = readFileSync(join(ROOT, 'docs/capacity.md'), 'utf8');
  const [, table = ''] = page.split('| profile | objects | manifests |');
  const rows = (table.split('\n\n')[0] ?? '').split('\n').slice(2);

  expect(rows.map((row) => row.split('|').map((cell) => cell.trim())).map((cells) => cells.slice(1, 4))).toEqual(
    Object.entries(PROFILES).map(([profile, main]) => [profile, ...sizeOf(main)]),
  );
});

test('texts name no other numbers of objects', () => {
  const counts = MAINS.map((main) => `${objects(synthMain(main)).length}`);
  const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  const found = pages.flatMap((page) =>
    stale(readFileSync(join(ROOT, page), 'utf8'), counts).map((line) => `${page}:${line}`),
  );

  expect(found).toEqual([]);
});

test('a number of objects that no app has is found', () => {
  expect(stale('one\napplies 36 objects and 38 objects', ['38'])).toEqual(['2: 36 objects']);
});
