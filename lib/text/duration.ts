import { excerpt } from './excerpt';

const NS_PER_MS = 1_000_000n;

/** Units of Prometheus durations in milliseconds. Each may be used at most once, in this order. */
const PROMETHEUS_UNITS = [
  ['y', 31_536_000_000n],
  ['w', 604_800_000n],
  ['d', 86_400_000n],
  ['h', 3_600_000n],
  ['m', 60_000n],
  ['s', 1_000n],
  ['ms', 1n],
] as const;

/** Units of Go in nanoseconds. */
const GO_UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', NS_PER_MS],
  ['s', 1_000n * NS_PER_MS],
  ['m', 60_000n * NS_PER_MS],
  ['h', 3_600_000n * NS_PER_MS],
]);

/** Maximum of Go's durations, which are int64 nanoseconds: about 292 years. */
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/** A duration in nanoseconds, or Loki's error. */
export type DurationResult = { readonly nanoseconds: bigint } | { readonly error: string };

/**
 * Parses a duration of rule files and of ranges in LogQL, such as `5m` or `1h30m`: whole numbers, no sign, units in
 * descending order.
 * @see https://github.com/prometheus/common/blob/v0.67.5/model/time.go `ParseDuration`
 */
export function parsePrometheusDuration(text: string): DurationResult {
  if (text === '0') return { nanoseconds: 0n };
  if (text === '') return { error: 'empty duration' };
  let rest = text;
  let position = -1;
  let total = 0n;
  while (rest !== '') {
    const [part, digits = '', unit = ''] = /^(\d+)(\D+)/.exec(rest) ?? [];
    if (part === undefined || BigInt(digits) > UINT64_MAX) return { error: 'not a valid duration' };
    rest = rest.slice(part.length);
    const index = PROMETHEUS_UNITS.findIndex(([name]) => name === unit);
    const milliseconds = PROMETHEUS_UNITS[index]?.[1];
    if (milliseconds === undefined) return { error: `unknown unit "${excerpt(unit)}"` };
    if (index <= position) return { error: 'not a valid duration' };
    position = index;
    total += BigInt(digits) * milliseconds * NS_PER_MS;
    if (total > INT64_MAX) return { error: 'duration out of range' };
  }
  return { nanoseconds: total };
}

/** Parses a Prometheus duration to milliseconds. @returns undefined if it is invalid */
export function durationMs(text: string): number | undefined {
  const duration = parsePrometheusDuration(text);
  return 'nanoseconds' in duration ? Number(duration.nanoseconds / NS_PER_MS) : undefined;
}

/**
 * Parses a Go duration (`time.ParseDuration`) to nanoseconds: `1.5h`, `-3ms`, units in any order.
 * @returns undefined if it is invalid
 */
export function goDurationNs(text: string): bigint | undefined {
  const negative = text.startsWith('-');
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0n;
  if (rest === '') return undefined;
  let total = 0n;
  while (rest !== '') {
    const [part, whole = '', fraction = '', name = ''] = /^(\d*)(?:\.(\d*))?([^.\d]+)/.exec(rest) ?? [];
    const unit = GO_UNITS.get(name);
    if (part === undefined || unit === undefined || whole + fraction === '') return undefined;
    rest = rest.slice(part.length);
    total += BigInt(whole || '0') * unit + BigInt(Math.floor(Number(`0.${fraction || '0'}`) * Number(unit)));
    if (total > INT64_MAX + 1n) return undefined;
  }
  if (negative) return -total;
  return total > INT64_MAX ? undefined : total;
}

/**
 * Parses a LogQL duration outside of `[…]` to nanoseconds: first like Prometheus, then like Go.
 * @returns undefined if both fail
 */
export function prometheusOrGoDurationNs(text: string): bigint | undefined {
  const duration = parsePrometheusDuration(text);
  return 'nanoseconds' in duration ? duration.nanoseconds : goDurationNs(text);
}

/** Units of printed durations: `168h` is easier to compare than `1w`. */
const PRINTED: readonly string[] = ['h', 'm', 's', 'ms'];

/** Formats milliseconds as a Prometheus duration: `90000` as `1m30s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = ms;
  return PROMETHEUS_UNITS.filter(([unit]) => PRINTED.includes(unit))
    .map(([unit, size]) => {
      const count = Math.floor(rest / Number(size));
      rest -= count * Number(size);
      return count > 0 ? `${count}${unit}` : '';
    })
    .join('');
}
