import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatMessage } from '../../lib/checks/findings';
import { checkStream } from '../../lib/rule-tests/check-stream';
import type { InputStream } from '../../lib/rule-tests/format';
import { expandStream } from '../../lib/rule-tests/lines';

const dir = mkdtempSync(join(tmpdir(), 'lines-'));
afterAll(() => rmSync(dir, { recursive: true }));

const expand = (stream: Omit<InputStream, 'labels'>) => expandStream({ labels: '{app="web"}', ...stream }, 60_000, dir);
const seconds = (stream: Omit<InputStream, 'labels'>) => expand(stream).lines.map(({ ns, line }) => [ns / 1e9, line]);
const problems = (stream: Partial<InputStream>) =>
  checkStream({ labels: '{app="web"}', ...stream }, 60_000, dir).map(formatMessage);

test('plain lines are an interval apart, others come when they say', () => {
  expect(seconds({ lines: ['first', { at: '90s', line: 'timed' }, 'second'] })).toEqual([
    [0, 'first'],
    [60, 'second'],
    [90, 'timed'],
  ]);
});

test('generated lines lie in (from, to] and are numbered, in their metadata too', () => {
  const stream = expand({
    lines: [{ from: '1m', to: '2m', rate: '3/m', line: 'n={{n}}', structured_metadata: { id: 'i{{n}}' } }],
  });
  expect(stream.lines).toEqual([
    { ns: 80e9, line: 'n=1', metadata: { id: 'i1' } },
    { ns: 100e9, line: 'n=2', metadata: { id: 'i2' } },
    { ns: 120e9, line: 'n=3', metadata: { id: 'i3' } },
  ]);
});

test('a window holds exactly the lines of its rate', () => {
  const stream = expand({ lines: [{ to: '10m', rate: '7/s', line: '{{n}}' }] });
  const inWindow = stream.lines.filter(({ ns }) => ns > 120e9 && ns <= 180e9);
  expect(inWindow).toHaveLength(7 * 60);
  expect(stream.lines.at(-1)?.ns).toBe(600e9);
});

test('a file gives its lines, with their own times where it has them', () => {
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
  ['nothing', {}, /neither "lines" nor "file" is set: add log lines, or remove it/],
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
    'a line twice',
    {
      lines: [
        { at: '1m', line: 'a' },
        { to: '1m', rate: '1/m', line: 'a' },
      ],
    },
    /duplicate line "a" at 60000ms, of which Loki keeps one: vary the lines, e\.g\. with \{\{n\}\}, or their times/,
  ],
  [
    'an empty span',
    { lines: [{ from: '2m', to: '2m', rate: '1/s', line: 'a' }] },
    /ends at 2m, not after its start: use a "to" later than "from"/,
  ],
  [
    'a span without a line',
    { lines: [{ to: '1m', rate: '1/h', line: 'a' }] },
    /no line: at 1\/h the first would be after 1m: raise the rate, or use a later "to"/,
  ],
  [
    'more lines than fit',
    { lines: [{ to: '700h', rate: '1000/s', line: '{{n}}' }] },
    /2520000000 lines, more than the limit of 5000000: lower the rate, or shorten the time/,
  ],
  ['no labels', { labels: {}, lines: ['a'] }, /no labels: add one/],
  [
    'a label name that Loki refuses',
    { labels: { 'a.b': 'x' }, lines: ['a'] },
    /invalid label name "a\.b": use letters, digits and _, no digit first/,
  ],
  [
    'too many labels',
    { labels: Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`l${i}`, 'x'])), lines: ['a'] },
    /max_label_names_per_series/,
  ],
  ['a missing file', { file: 'none.log' }, /can't be read \(ENOENT\)/],
  [
    'a file and lines',
    { file: 'none.log', lines: ['a'] },
    /has no effect together with "lines": remove one of the two/,
  ],
])('refuses %s', (_name, stream, message) => {
  expect(problems(stream).join()).toMatch(message);
});
