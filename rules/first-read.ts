import { CANARY_LINES, type Duration } from '../lib';

/**
 * Time after the installation in which Loki may refuse lines. A collector then reads the files of all containers from
 * the beginning: two of at most 10 MiB for each, which for a hundred containers takes two minutes at Loki's default rate
 * limit. The rest is for pulling images, because the canary may log minutes before the collector and Loki start.
 */
const FIRST_READ: Duration = '10m';

/**
 * Range before that in which an older installation has logged. Logs may have been missing for longer than the hour
 * after which collectors drop lines: this must be reported.
 */
const KNOWN: Duration = '2h';

/** True while the first line of the canary is recent. */
export const DURING_FIRST_READ = [
  `sum(count_over_time(${CANARY_LINES}[${FIRST_READ}]))`,
  `unless sum(count_over_time(${CANARY_LINES}[${KNOWN}] offset ${FIRST_READ}))`,
].join(' ');

/**
 * Returns an expression without results during the first read of a new installation. Files of a cluster that has run
 * for hours may have lines that are too old for Loki, or that follow newer lines of the same stream. Their refusals end
 * with the files, and would be the first message of a new installation. Without a canary, the expression is unchanged.
 */
export function afterFirstRead(expr: string): string {
  return `(${expr})\nunless on() (${DURING_FIRST_READ})`;
}
