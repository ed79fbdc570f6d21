import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, imageVersion } from '../lib/versions/images';
import { textsWithVersions, withPinnedVersions } from '../scripts/pinned-versions';

const ROOT = join(__dirname, '..');

test('texts name the versions that lib/versions/images.ts pins; if not: npm run docs:versions', () => {
  const stale = textsWithVersions().flatMap((file) => {
    const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
    const pinned = withPinnedVersions(lines.join('\n')).split('\n');
    return lines.flatMap((line, index) => (line === pinned[index] ? [] : [`${file}:${index + 1}: ${line.trim()}`]));
  });
  expect(stale).toEqual([]);
});

const loki = imageVersion('loki');
const [major, minor] = loki.split('.');

test.each([
  ['Loki 2.9.1 runs', `Loki ${loki} runs`],
  ['Loki 2.9 runs, Loki v2.9.1', `Loki ${major}.${minor} runs, Loki v${loki}`],
  ['\n| Loki | 2.9.1 | grafana/loki:2.9.1', `\n| Loki | ${loki} | ${images.loki}`],
  ['grafana/loki:2.9.1@sha256:…', `${images.loki}@sha256:…`],
])('a version that is not pinned is replaced: %j', (text, expected) => {
  expect(withPinnedVersions(text)).toBe(expected);
});

test.each([`since Loki 2.9, Loki ${loki}, ${images.loki}`, 'measured on Loki 2.9.1', 'Loki | 2.9 is a figure'])(
  'history and pinned versions stay: %j',
  (text) => {
    expect(withPinnedVersions(text)).toBe(text);
  },
);
