import { durationMs } from '../text/duration';
import type { RuleCost } from './rule-cost';
import { QUERY_TIMEOUT } from './timeouts';

/** CPU seconds of one Loki for the ingestion of a million lines (`npm run bench -- distributed`). */
const CPU_PER_MILLION_INGESTED = 7.3;

/** Cores of the machine on which one Loki was measured. */
const MEASURED_CORES = 2;

/** Usable share of the cores: the rest is for queries of users, and for peaks. */
const SHARE = 0.5;

/** Evaluations that take longer fail. */
const QUERY_TIMEOUT_S = Number(durationMs(QUERY_TIMEOUT)) / 1000;

/** Usable share of the volume: the alert `LokiDiskFull` fires above it, and Loki rejects lines above 90 %. */
const USABLE = 0.8;

/** The size of a single Loki for a load, or the reasons that one does not suffice. */
export interface SingleCapacity {
  /** Cores for ingestion and rules. */
  readonly cores: number;
  /** Size of the volume in bytes at the end of the retention, with a reserve for the alert on a full disk. */
  readonly volumeBytes: number;
  /** Reasons that one Loki does not suffice; empty if it does. */
  readonly obstacles: readonly string[];
}

interface SingleLoad {
  readonly linesPerSecond: number;
  /** Bytes of chunks at the end of the retention, one copy. */
  readonly storedBytes: number;
  /** Bytes of lines in the write-ahead log. */
  readonly walBytes: number;
  readonly rules: readonly RuleCost[];
}

export function singleCapacity({ linesPerSecond, storedBytes, walBytes, rules }: SingleLoad): SingleCapacity {
  const cores = (linesPerSecond * CPU_PER_MILLION_INGESTED) / 1e6 + rules.reduce((sum, rule) => sum + rule.cores, 0);
  const maxCores = SHARE * MEASURED_CORES;
  return {
    cores,
    volumeBytes: (storedBytes + walBytes) / USABLE,
    obstacles: [
      ...(cores > maxCores
        ? [`lines and rules need ${cores.toFixed(1)} cores, more than the ${maxCores} measured for one Loki`]
        : []),
      ...slowRules(rules),
    ],
  };
}

/**
 * Returns warnings on rules that take longer than their interval or the query timeout, regardless of the number of
 * rulers.
 */
export function slowRules(rules: readonly RuleCost[]): string[] {
  return rules
    .filter(({ cpuSeconds, intervalSeconds }) => cpuSeconds > Math.min(intervalSeconds, QUERY_TIMEOUT_S))
    .map(
      ({ rule, cpuSeconds, intervalSeconds }) =>
        `an evaluation of ${rule} takes ${Math.round(cpuSeconds)} s, more than ${exceeded(intervalSeconds)}: narrow the selector, shorten the range, or raise the interval`,
    );
}

function exceeded(intervalSeconds: number): string {
  return intervalSeconds <= QUERY_TIMEOUT_S
    ? `its interval of ${intervalSeconds} s`
    : `the query_timeout of ${QUERY_TIMEOUT_S} s`;
}
