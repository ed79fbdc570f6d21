import { CANARY_LINES, CANARY_PERIOD_S, type Duration } from '../lib';

/** Least number of canary lines in any minute, if none is missing. */
const DUE = Math.floor(60 / CANARY_PERIOD_S) - 1;

/** True while lines of a known canary are missing: logs are late by two of its periods, or no longer arrive. */
const LATE = [
  `sum(count_over_time(${CANARY_LINES}[10m]))`,
  `unless sum(count_over_time(${CANARY_LINES}[1m])) >= ${DUE}`,
].join(' ');

/**
 * Returns an expression that keeps an alert firing while logs are late. Without it, the alert would resolve although
 * its cause may persist. It resolves some minutes later, after `NoLogsArriving` has fired.
 *
 * @param at returns the expression of the alert for an offset of its ranges: '' or ` offset 1m`
 * @param offsets ascending. The last must be longer than `NoLogsArriving` takes to be sent. Each step must be at most
 * as long as the expression holds before the alert fires, so that no alert is missed between two.
 */
export function heldWhileLate(at: (offset: string) => string, offsets: readonly Duration[]): string {
  const before = offsets.map((offset) => at(` offset ${offset}`)).join('\nor ');
  return `${at('')}\nor (${before})\nand on() (${LATE})`;
}
