import { parseInteger } from '../../text/go';
import { timeZoneProblem } from '../../text/time-zone';
import { type Leaf, text } from './schema';
import { quote } from './values';

/** Upstream: `validTime` in `timeinterval/timeinterval.go`. */
export const time = text((value) =>
  /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(value)
    ? undefined
    : { problem: `invalid time ${quote(value)}`, fix: 'use HH:MM, up to 24:00' },
);

/** Names by Go's numbers of weekdays. */
export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** Names by their numbers. */
export const MONTHS = [
  '',
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

function indexIn(names: readonly string[], member: string): number | undefined {
  const index = member === '' ? -1 : names.indexOf(member);
  return index < 0 ? undefined : index;
}

/**
 * A range `begin:end`, or a single member.
 *
 * @param read returns the number of a member; undefined if it is invalid
 * @param isInvalid returns whether a range is in the wrong order or out of bounds
 */
function range(
  read: (member: string) => number | undefined,
  example: string,
  isInvalid: (begin: number, end: number) => boolean,
): Leaf<'string'> {
  return text((value) => {
    const members = value.toLowerCase().split(':');
    const [begin, end = begin] = members.map(read);
    if (members.length > 2 || begin === undefined || end === undefined || members.map(read).includes(undefined)) {
      return { problem: `invalid range ${quote(value)}`, fix: `use e.g. ${example}` };
    }
    return isInvalid(begin, end)
      ? { problem: `range ${quote(value)} starts after its end, or is out of bounds`, fix: `use e.g. ${example}` }
      : undefined;
  });
}

const readWeekday = (member: string) => indexIn(WEEKDAYS, member);

/** Any range of days; `friday:monday` wraps around the end of the week. */
export const weekday = range(readWeekday, 'monday:friday', () => false);

/** Before Alertmanager 0.35, which introduced ranges that wrap around. */
export const weekdayInOrder = range(
  readWeekday,
  'monday:friday; a week begins on Sunday, and a range across its end requires Alertmanager 0.35.0',
  (begin, end) => begin > end,
);

const readMonth = (member: string) => indexIn(MONTHS, member) ?? parseInteger(member);

export const month = range(readMonth, 'may:august or 5:8', (begin, end) => begin < 1 || end > 12 || begin > end);

/** Before Alertmanager 0.35, which introduced the bounds. */
export const monthInOrder = range(readMonth, 'may:august or 5:8', (begin, end) => begin > end);

export const year = range(parseInteger, '2026:2028', (begin, end) => begin > end);

/** Upstream compares days from the end of the month as in a month of this length. */
const SHORTEST_MONTH = 28;

export const dayOfMonth = range(parseInteger, '1:5, or -3:-1 from the end of the month', (begin, end) => {
  const outside = (day: number) => day === 0 || day < -31 || day > 31;
  const fromStart = (day: number) => (day < 0 ? SHORTEST_MONTH + day : day);
  return outside(begin) || outside(end) || (begin < 0 && end > 0) || fromStart(begin) > fromStart(end);
});

/** A time zone of the IANA database. Upstream: `time.LoadLocation` of Go. */
export const location = text((value) => {
  const problem = timeZoneProblem(value);
  return (
    problem && { problem: `unknown time zone ${quote(value)}`, fix: `use ${problem.spelling ?? 'e.g. Europe/Berlin'}` }
  );
});
