import { CANARY_LINES, CANARY_PERIOD_S, type Duration } from '../lib';

/** Lines of the canary in any minute, however they lie in it, as long as none is missing. */
const DUE = Math.floor(60 / CANARY_PERIOD_S) - 1;

/** Lines of a canary that was there are missing: logs are late by two of its periods, or arrive no more. */
const LATE = [
  `sum(count_over_time(${CANARY_LINES}[10m]))`,
  `unless sum(count_over_time(${CANARY_LINES}[1m])) >= ${DUE}`,
].join(' ');

/** Props of `heldWhileLate`. */
export interface HeldWhileLateProps {
  /** Returns the alert's expression with an offset in its ranges: `''` or ` offset 1m`. */
  readonly expr: (offset: string) => string;
  /**
   * Offsets, the last longer than `NoLogsArriving` takes to be sent, and each step at most as long as the expression
   * holds before the alert fires, so that none is missed between two.
   */
  readonly offsets: readonly Duration[];
}

/**
 * Returns an expression that keeps an alert firing while logs are late: without them it would end, though its cause may
 * go on. It ends some minutes later, when `NoLogsArriving` has fired.
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
