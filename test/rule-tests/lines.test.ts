import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatMessage } from '../../lib/checks/findings';
import { checkStream } from '../../lib/rule-tests/check-stream';
import { expandStream } from '../../lib/rule-tests/lines';
import type { InputStream } from '../../lib/rule-tests/test-file';

const dir = mkdtempSync(join(tmpdir(), 'lines-'));
afterAll(() => rmSync(dir, { recursive: true }));

const expand = (stream: Omit<InputStream, 'labels'>) => expandStream({ labels: '{app="web"}', ...stream }, 60_000, dir);
const seconds = (stream: Omit<InputStream, 'labels'>) => expand(stream).lines.map(({ ns, line }) => [ns / 1e9, line]);
const problems = (stream: Partial<InputStream>) =>
  checkStream({ labels: '{app="web"}', ...stream }, 60_000, dir).map(formatMessage);

test('places plain lines at the interval and timed lines at their times', () => {
  expect(seconds({ lines: ['first', { at: '90s', line: 'timed' }, 'second'] })).toEqual([
    [0, 'first'],
    [60, 'second'],
    [90, 'timed'],
  ]);
});

test('generates numbered lines in (from, to], with numbered metadata', () => {
  const stream = expand({
    lines: [{ from: '1m', to: '2m', rate: '3/m', line: 'n={{n}}', structured_metadata: { id: 'i{{n}}' } }],
  });
  expect(stream.lines).toEqual([
    { ns: 80e9, line: 'n=1', metadata: { id: 'i1' } },
    { ns: 100e9, line: 'n=2', metadata: { id: 'i2' } },
    { ns: 120e9, line: 'n=3', metadata: { id: 'i3' } },
  ]);
});

test('generates as many lines in a range as the rate says', () => {
  const stream = expand({ lines: [{ to: '10m', rate: '7/s', line: '{{n}}' }] });
  const inWindow = stream.lines.filter(({ ns }) => ns > 120e9 && ns <= 180e9);
  expect(inWindow).toHaveLength(7 * 60);
  expect(stream.lines.at(-1)?.ns).toBe(600e9);
});

test('reads lines from a file, with their timestamps if requested', () => {
  writeFileSync(join(dir, 'plain.log'), 'one\r\ntwo\n');
  expect(seconds({ file: 'plain.log' })).toEqual([
    [0, 'one'],
    [60, 'two'],
  ]);

  writeFileSync(join(dir, 'stamped.log'), '2026-01-31T12:00:00.5Z start\n2026-01-31T13:00:01.25+01:00 later\n');
  expect(seconds({ file: 'stamped.log', timestamps: true })).toEqual([
    [0, 'start'],
    [0.75, 'later'],
  ]);
});

test.each<[string, Partial<InputStream>, RegExp]>([
  ['a stream without lines', {}, /neither "lines" nor "file" is set: add log lines, or remove the stream/],
  [
    'lines out of order',
    {
      lines: [
        { at: '2m', line: 'b' },
        { at: '1m', line: 'a' },
      ],
    },
    /out of order: 1m follows a later line: sort the lines by "at"/,
  ],
  [
    'a duplicate line',
    {
      lines: [
        { at: '1m', line: 'a' },
        { to: '1m', rate: '1/m', line: 'a' },
      ],
    },
    /duplicate line "a" at 60000ms, which Loki drops: make the lines differ, e\.g\. with \{\{n\}\}, or change their times/,
  ],
  [
    'an empty time range',
    { lines: [{ from: '2m', to: '2m', rate: '1/s', line: 'a' }] },
    /"to" \(2m\) is not later than "from": use a later "to"/,
  ],
  [
    'a time range without a line',
    { lines: [{ to: '1m', rate: '1/h', line: 'a' }] },
    /no lines: at 1\/h, the first would be later than 1m: raise the rate, or use a later "to"/,
  ],
  [
    'too many lines',
    { lines: [{ to: '700h', rate: '1000/s', line: '{{n}}' }] },
    /2520000000 lines, more than the limit of 5000000: lower the rate, or use an earlier "to"/,
  ],
  ['no labels', { labels: {}, lines: ['a'] }, /no labels: add at least one/],
  [
    'an invalid label name',
    { labels: { 'a.b': 'x' }, lines: ['a'] },
    /invalid label name "a\.b": use letters, digits and "_", and no digit first/,
  ],
  [
    'too many labels',
    { labels: Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`l${i}`, 'x'])), lines: ['a'] },
    /max_label_names_per_series/,
  ],
  ['a missing file', { file: 'none.log' }, /cannot be read \(ENOENT\)/],
  ['a file and lines', { file: 'none.log', lines: ['a'] }, /conflicts with "lines": remove one of the two/],
])('rejects %s', (_name, stream, message) => {
  expect(problems(stream).join()).toMatch(message);
});
