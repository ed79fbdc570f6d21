import {
  durationMs,
  formatDuration,
  goDurationNs,
  parsePrometheusDuration,
  prometheusOrGoDurationNs,
} from '../../lib/text/duration';

test.each([
  ['0', 0],
  ['1h30m', 5_400_000],
  ['1y2w3d4h5m6s7ms', 33_019_506_007],
])('parses the Prometheus duration %s', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each([
  ['', 'empty duration'],
  ['5', 'not a valid duration'],
  ['1.5m', 'unknown unit "."'],
  ['-5m', 'not a valid duration'],
  ['5m1h', 'not a valid duration'],
  ['5 m', 'unknown unit " m"'],
  ['293y', 'duration out of range'],
])('rejects %j as a Prometheus duration', (text, error) => {
  expect(parsePrometheusDuration(text)).toEqual({ error });
  expect(durationMs(text)).toBeUndefined();
});

test.each([
  ['1.5h', 5_400_000_000_000n],
  ['-3ms', -3_000_000n],
  ['5m1h', 3_900_000_000_000n],
  ['.5s', 500_000_000n],
  ['1µs', 1_000n],
  ['+0', 0n],
])('parses the Go duration %s', (text, nanoseconds) => {
  expect(goDurationNs(text)).toBe(nanoseconds);
});

test.each(['', '5', '1d', '.s', '1h-3m', '9223372036855ms'])('rejects %j as a Go duration', (text) => {
  expect(goDurationNs(text)).toBeUndefined();
});

test('parses a Prometheus or Go duration', () => {
  expect(prometheusOrGoDurationNs('1d')).toBe(86_400_000_000_000n);
  expect(prometheusOrGoDurationNs('1.5m')).toBe(90_000_000_000n);
  expect(prometheusOrGoDurationNs('1.5d')).toBeUndefined();
});

test.each([
  [0, '0s'],
  [90_000, '1m30s'],
  [604_800_000, '168h'],
  [1_001, '1s1ms'],
])('formats %d ms as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
