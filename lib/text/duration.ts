/** Units of Prometheus durations in milliseconds, from large to small: each at most once and in this order. */
const UNITS = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

const PATTERN = new RegExp(`^(?!$)${UNITS.map(([unit]) => `(?:(\\d+)${unit})?`).join('')}$`);

/** Go's int64 nanoseconds end here: about 290 years. */
const MAX_MS = Number(2n ** 63n / 1_000_000n);

/**
 * Milliseconds of a duration as rule files write it, undefined if Loki refuses it: no fractions, no sign, units from
 * large to small. https://github.com/prometheus/common/blob/v0.67.5/model/time.go (`ParseDuration`)
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const ms = UNITS.reduce((sum, [, factor], i) => sum + Number(match[i + 1] ?? 0) * factor, 0);
  return ms <= MAX_MS ? ms : undefined;
}
