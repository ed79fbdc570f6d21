import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO, MAINS, objects, synthMain } from './manifests/synth';

const ROOT = join(__dirname, '..');

/** The apps of the table in docs/capacity.md, by its first cell. */
const PROFILES: Readonly<Record<string, string>> = {
  demo: DEMO,
  single: 'examples/single/main.ts',
  distributed: 'examples/production/main.ts',
};

/** Tolerance of a size: a changed sentence does not require a change of the page. */
const TOLERANCE = 0.1;

/** Objects of an app's manifests, and their size in KiB. */
function sizeOf(main: string): { readonly count: number; readonly kib: number } {
  const files = synthMain(main);
  const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return { count: objects(files).length, kib: bytes / 1024 };
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

test.each(Object.entries(PROFILES))(
  "the table of profiles has the manifests' objects and size: %s",
  (profile, main) => {
    const page = readFileSync(join(ROOT, 'docs/capacity.md'), 'utf8');
    const row = new RegExp(`^\\| ${profile} \\| (\\d+) \\| (\\d+) KiB \\|`, 'm').exec(page) ?? [];
    const { count, kib } = sizeOf(main);

    expect(Number(row[1])).toBe(count);
    expect(Math.abs(Number(row[2]) / kib - 1)).toBeLessThan(TOLERANCE);
  },
);

test('texts name no other numbers of objects', () => {
  const counts = MAINS.map((main) => `${sizeOf(main).count}`);
  const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  const found = pages.flatMap((page) =>
    stale(readFileSync(join(ROOT, page), 'utf8'), counts).map((line) => `${page}:${line}`),
  );

  expect(found).toEqual([]);
});

test('a number of objects that no app has is found', () => {
  expect(stale('one\napplies 36 objects and 38 objects', ['38'])).toEqual(['2: 36 objects']);
});
