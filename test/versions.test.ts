import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineSpecs } from '../lib/engines/engine';
import { images, imageVersion } from '../lib/versions/images';

const ROOT = join(__dirname, '..');

/** The versions that a text may name: those of the images, and of the programs that tests run in their place. */
const PINNED: Readonly<Record<string, readonly string[]>> = {
  Loki: [imageVersion('loki')],
  Promtail: [imageVersion('promtail'), engineSpecs.promtail.go.version],
  Alertmanager: [imageVersion('alertmanager')],
  amtool: [imageVersion('alertmanager')],
  'OpenTelemetry Collector': [imageVersion('openTelemetryCollector')],
  Grafana: [imageVersion('grafana')],
  promtool: [imageVersion('prometheus')],
};

/** What happened at a version stays true when another is pinned: `since Loki 3.5`. */
const HISTORY = /\b(since|until|before|from|than|older) $/;

const PROGRAM = new RegExp(
  `\\b(${Object.keys(PINNED).join('|')})(?: v?(\\d+\\.\\d+(?:\\.\\d+)?)| \\| v?(\\d+\\.\\d+\\.\\d+))`,
  'g',
);

const IMAGE = new RegExp(
  `(${Object.values(images)
    .map((image) => image.split(':')[0])
    .join('|')}):(v?\\d[\\w.-]*\\w)`,
  'g',
);

/** Texts that people write: not what is generated, and not what strangers wrote. */
const NOT_OURS =
  /(^|\/)dist\/|^__snapshots__\/|^imports\/|^lib\/engines\/go\/|\/fixtures\/|\.json$|^test\/versions\.test\.ts$/;

/** What a text names that is not pinned, with the line. */
function stale(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const programs = [...line.matchAll(PROGRAM)].filter(({ 1: name = '', 2: prose, 3: cell, index: at }) => {
      const version = prose ?? cell ?? '';
      const pinned = PINNED[name] ?? [];
      return !HISTORY.test(line.slice(0, at)) && !pinned.some((pin) => `${pin}.`.startsWith(`${version}.`));
    });
    const tags = [...line.matchAll(IMAGE)].filter(
      ([reference]) => !Object.values(images).some((image) => image === reference),
    );
    return [...programs, ...tags].map(([found]) => `${index + 1}: ${found}`);
  });
}

test('texts name the versions that lib/versions/images.ts pins', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  const found = files
    .filter((file) => !NOT_OURS.test(file) && /\.(md|ts|yaml|yml|sh|js)$/.test(file))
    .flatMap((file) => stale(readFileSync(join(ROOT, file), 'utf8')).map((line) => `${file}:${line}`));
  expect(found).toEqual([]);
});

test('a version that is not pinned is found, unless it is history', () => {
  expect(stale('Loki 2.9.1 runs')).toEqual(['1: Loki 2.9.1']);
  expect(stale(`\n| Loki | 2.9.1 | grafana/loki:2.9.1`)).toEqual(['2: Loki | 2.9.1', '2: grafana/loki:2.9.1']);
  expect(stale(`since Loki 2.9, Loki ${imageVersion('loki')}, ${images.loki}`)).toEqual([]);
});
