import { parseInteger } from '../../text/go';
import type { TimeRanges } from './config';
import { MONTHS, WEEKDAYS } from './time-values';

/** Days after which each combination of weekday, day of month and leap year has occurred: 28 years. */
const HORIZON_DAYS = 28 * 365.25;

const MINUTES_A_DAY = 24 * 60;
const MS_A_DAY = MINUTES_A_DAY * 60_000;

/** A day, as time intervals see it. */
interface Day {
  readonly weekday: number;
  readonly day: number;
  readonly daysInMonth: number;
  readonly month: number;
  readonly year: number;
}

/** True if none of the ranges contains any time from a day on. Time zones are disregarded. */
export function neverMatches(ranges: readonly TimeRanges[], from: Date): boolean {
  if (ranges.length === 0) return true;
  return days(from).every((day) => !ranges.some((range) => matchesDay(range, day) && minutesOf(range).length > 0));
}

/** True if the ranges together contain all times from a day on. Ranges of different time zones are not combined. */
export function alwaysMatches(ranges: readonly TimeRanges[], from: Date): boolean {
  const zones = new Set(ranges.map(({ location = 'UTC' }) => location));
  return [...zones].some((zone) => {
    const ofZone = ranges.filter(({ location = 'UTC' }) => location === zone);
    return days(from).every((day) => isWhole(ofZone.filter((range) => matchesDay(range, day)).flatMap(minutesOf)));
  });
}

/** All days from the one before a date, which may still last in another time zone. */
function days(from: Date): { every(test: (day: Day) => boolean): boolean } {
  return {
    every(test) {
      for (let i = -1; i < HORIZON_DAYS; i++) {
        if (!test(dayAt(from.getTime() + i * MS_A_DAY))) return false;
      }
      return true;
    },
  };
}

function dayAt(ms: number): Day {
  const date = new Date(ms);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { weekday: date.getUTCDay(), day: date.getUTCDate(), daysInMonth, month, year };
}

/** Upstream: `ContainsTime` in `timeinterval/timeinterval.go`. */
function matchesDay({ weekdays, days_of_month, months, years }: TimeRanges, at: Day): boolean {
  const month = (text: string) => nameIndex(MONTHS, text) ?? parseInteger(text) ?? 0;
  const year = (text: string) => parseInteger(text) ?? 0;
  return (
    inAny(weekdays, (text) => nameIndex(WEEKDAYS, text) ?? 0, at.weekday, true) &&
    inAny(months, month, at.month) &&
    inAny(years, year, at.year) &&
    inAny(days_of_month, (text) => fromStart(parseInteger(text) ?? 0, at.daysInMonth), at.day)
  );
}

/** Returns whether a value is in any of the ranges; all values are, if there are none. */
function inAny(
  ranges: readonly string[] | undefined,
  read: (text: string) => number,
  value: number,
  wraps = false,
): boolean {
  if (!ranges || ranges.length === 0) return true;
  return ranges.some((range) => {
    const [begin = '', end = begin] = range.split(':');
    const [first, last] = [read(begin), read(end)];
    return first <= last ? first <= value && value <= last : wraps && (value >= first || value <= last);
  });
}

/** Returns the index of a name; undefined if it is another. */
function nameIndex(names: readonly string[], text: string): number | undefined {
  const index = text === '' ? -1 : names.indexOf(text.toLowerCase());
  return index < 0 ? undefined : index;
}

function fromStart(day: number, daysInMonth: number): number {
  return day < 0 ? daysInMonth + day + 1 : day;
}

type Minutes = readonly [from: number, to: number];

function minutesOf({ times }: TimeRanges): Minutes[] {
  if (!times || times.length === 0) return [[0, MINUTES_A_DAY]];
  // A missing time is reported as a missing field.
  return times.map(({ start_time = '00:00', end_time = '24:00' }) => [minuteOf(start_time), minuteOf(end_time)]);
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function isWhole(minutes: readonly Minutes[]): boolean {
  let end = 0;
  for (const [from, to] of [...minutes].sort(([a], [b]) => a - b)) {
    if (from > end) return false;
    end = Math.max(end, to);
  }
  return end >= MINUTES_A_DAY;
}
