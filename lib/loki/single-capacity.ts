import { durationMs } from '../text/duration';
import type { RuleCost } from './rule-cost';
import { QUERY_TIMEOUT } from './timeouts';

/** CPU seconds that one Loki takes for a million lines that arrive (`npm run bench -- distributed`). */
const CPU_PER_MILLION_ARRIVING = 7.3;

/** Cores of the machine on which one Loki was measured; nothing is said of larger ones. */
const MEASURED_CORES = 2;

/** Half of what there is: queries of people, and peaks. */
const SHARE = 0.5;

/** An evaluation that takes longer fails. */
const QUERY_TIMEOUT_S = Number(durationMs(QUERY_TIMEOUT)) / 1000;

/** The alert `LokiDiskFull` fires when so much of the volume is used; at 90 % Loki refuses lines. */
const USABLE = 0.8;

/** One Loki that holds the load, or why none does. */
export interface SingleCapacity {
  /** Cores for the lines that arrive and for rules. */
  readonly cores: number;
  /** Bytes of the volume once the retention is full, with room for the alert on a full disk. */
  readonly volumeBytes: number;
  /** Why one Loki does not suffice; empty if it does. */
  readonly obstacles: readonly string[];
}

interface SingleLoad {
  readonly linesPerSecond: number;
  /** Bytes of chunks of the whole retention, kept once. */
  readonly storedBytes: number;
  /** Bytes of lines in the write-ahead log. */
  readonly walBytes: number;
  readonly rules: readonly RuleCost[];
}

export function singleCapacity({ linesPerSecond, storedBytes, walBytes, rules }: SingleLoad): SingleCapacity {
  const cores = (linesPerSecond * CPU_PER_MILLION_ARRIVING) / 1e6 + rules.reduce((sum, rule) => sum + rule.cores, 0);
  const most = SHARE * MEASURED_CORES;
  return {
    cores,
    volumeBytes: (storedBytes + walBytes) / USABLE,
    obstacles: [
      ...(cores > most
        ? [`it would take ${cores.toFixed(1)} cores for lines and rules; one Loki is known up to ${most}`]
        : []),
      ...slowRules(rules),
    ],
  };
}

/** Rules that are not done before the next evaluation is due, or before Loki gives them up. No number of rulers helps. */
export function slowRules(rules: readonly RuleCost[]): string[] {
  return rules
    .filter(({ cpuSeconds, intervalSeconds }) => cpuSeconds > Math.min(intervalSeconds, QUERY_TIMEOUT_S))
    .map(
      ({ rule, cpuSeconds, intervalSeconds }) =>
        `an evaluation of ${rule} takes ${Math.round(cpuSeconds)} s, more than its interval of ${intervalSeconds} s or the query_timeout of ${QUERY_TIMEOUT_S} s: read less, or less often`,
    );
}
