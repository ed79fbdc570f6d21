import { InvalidArgumentError } from 'commander';
import { durationMs } from '../text/duration';

/** Parses the length of a time range to milliseconds. @throws InvalidArgumentError if it is invalid, or zero */
export function toMilliseconds(text: string): number {
  const ms = durationMs(text);
  if (!ms) throw new InvalidArgumentError('use a duration, e.g. 24h or 7d');
  return ms;
}

/** Parses a time. @throws InvalidArgumentError if it is invalid */
export function toDate(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('use a time, e.g. 2026-01-31T12:00:00Z');
  return date;
}
