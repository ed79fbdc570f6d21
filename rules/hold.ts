import { CANARY_LINES, CANARY_PERIOD_S, type Duration } from '../lib';

/** Lines of the canary in any minute, however they lie in it, as long as none is missing. */
const DUE = Math.floor(60 / CANARY_PERIOD_S) - 1;

/** Lines of a canary that was there are missing: logs are late by two of its periods, or arrive no more. */
const LATE = [
  `sum(count_over_time(${CANARY_LINES}[10m]))`,
  `unless sum(count_over_time(${CANARY_LINES}[1m])) >= ${DUE}`,
].join(' ');

/**
 * Keeps an alert firing while logs are late: without them it would end, though its cause may go on. It ends some minutes
 * later, when `NoLogsArriving` has fired.
 *
 * @param at the alert's expression with an offset in its ranges: '' or `offset 1m`
 * @param offsets the last must be longer than `NoLogsArriving` takes to be sent, and each step at most as long as the
 * expression holds before the alert fires, so that none is missed between two
 */
export function heldWhileLate(at: (offset: string) => string, offsets: readonly Duration[]): string {
  const before = offsets.map((offset) => at(` offset ${offset}`)).join('\nor ');
  return `${at('')}\nor (${before})\nand on() (${LATE})`;
}
