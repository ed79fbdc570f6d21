import { CANARY_LINES, CANARY_PERIOD_S, type Duration } from '../lib';

/** Least number of canary lines in any minute, if none is missing. */
const DUE = Math.floor(60 / CANARY_PERIOD_S) - 1;

/** True while lines of a known canary are missing: logs are late by two of its periods, or no longer arrive. */
const LATE = [
  `sum(count_over_time(${CANARY_LINES}[10m]))`,
  `unless sum(count_over_time(${CANARY_LINES}[1m])) >= ${DUE}`,
].join(' ');

/** Props of `heldWhileLate`. */
export interface HeldWhileLateProps {
  /** Returns the alert's expression with an offset in its ranges: `''` or ` offset 1m`. */
  readonly expr: (offset: string) => string;
  /**
   * Offsets, ascending. The last must be longer than `NoLogsArriving` takes to be sent. Each step must be at most as long
   * as the expression holds before the alert fires, so that no alert is missed between two.
   */
  readonly offsets: readonly Duration[];
}

/**
 * Returns an expression that keeps an alert firing while logs are late. Without it, the alert would resolve although
 * its cause may persist. It resolves some minutes later, after `NoLogsArriving` has fired.
 *
 * @example
 * const expr = heldWhileLate({
 *   expr: (offset) => `sum by (app) (rate({app="shop"} |= "timeout" [1m]${offset})) > 1`,
 *   offsets: ['1m', '2m', '3m', '4m'],
 * });
 */
export function heldWhileLate({ expr, offsets }: HeldWhileLateProps): string {
  const before = offsets.map((offset) => expr(` offset ${offset}`)).join('\nor ');
  return `${expr('')}\nor (${before})\nand on() (${LATE})`;
}
