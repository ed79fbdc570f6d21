import * as v from 'valibot';
import { LARGEST_BATCH } from '../collector/batch';
import { durationMs } from '../text/duration';
import { duration, entriesOf, optionsOf, positiveInteger, refused, wrong } from '../validate/validate';
import { LONGEST_ANSWER } from './timeouts';

const positive = v.pipe(
  v.number(),
  v.check((number) => number > 0 && Number.isFinite(number), 'must be a number above 0'),
);

/** Loki's own way to write bytes. @see https://github.com/grafana/loki/blob/v3.7.8/pkg/util/flagext/bytesize.go */
const byteSize = v.pipe(
  v.string(),
  v.regex(/^\d+(\.\d+)?([KMG]B)$/, wrong('is not a valid size', 'write a number and KB, MB or GB, as in 3MB')),
);

/**
 * Megabytes that a tenant may send at once at least: the largest batch of a collector, and as much again for the level
 * that Loki adds to each line and counts. Loki answers 429 for ever to a batch that is larger than the burst, and the
 * collector sends it again for an hour while the rest of its node waits.
 */
const LEAST_BURST_MB = (2 * LARGEST_BATCH) / 2 ** 20;

const burst = v.pipe(
  v.number(),
  v.check(
    (number) => number >= LEAST_BURST_MB && Number.isFinite(number),
    wrong(
      'is less than the megabytes that a collector may send at once, which would wait for ever',
      `use ${LEAST_BURST_MB} or more`,
    ),
  ),
);

const byteBurst = v.pipe(
  byteSize,
  v.check(
    (text) => !(bytes(text) < LEAST_BURST_MB * 2 ** 20),
    wrong('is less than a collector may send at once', `use ${LEAST_BURST_MB}MB or more`),
  ),
);

function bytes(text: string): number {
  return Number.parseFloat(text) * ({ K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[text.at(-2) ?? ''] ?? Number.NaN);
}

const naturalNumber = v.pipe(
  v.number(),
  v.check((number) => Number.isInteger(number) && number >= 0, 'must be a whole number; 0 is without a limit'),
);

/** Limits that make sense for a tenant, as Loki's `limits_config` names them. */
const LIMITS = entriesOf<TenantLimits>()({
  retention_period: v.optional(duration),
  ingestion_rate_mb: v.optional(positive),
  ingestion_burst_size_mb: v.optional(burst),
  per_stream_rate_limit: v.optional(byteSize),
  per_stream_rate_limit_burst: v.optional(byteBurst),
  max_global_streams_per_user: refused(
    wrong(
      'is not supported, because one stream too many stops all logs of its node for an hour',
      'limit the pods of a namespace with a ResourceQuota',
    ),
  ),
  max_line_size: v.optional(byteSize),
  max_query_length: v.optional(duration),
  max_query_series: v.optional(positiveInteger),
  tsdb_max_query_parallelism: v.optional(positiveInteger),
  max_entries_limit_per_query: v.optional(positiveInteger),
  query_timeout: v.optional(
    v.pipe(
      duration,
      v.check(
        (text) => !((durationMs(text) ?? 0) > (durationMs(LONGEST_ANSWER) ?? 0)),
        wrong(`is longer than any answer may take, which is ${LONGEST_ANSWER}`, 'lower it, or narrow the queries'),
      ),
    ),
  ),
  ruler_max_rules_per_rule_group: v.optional(naturalNumber),
  ruler_max_rule_groups_per_tenant: v.optional(naturalNumber),
});

/** Names of the limits. */
export const LIMIT_NAMES: readonly string[] = Object.keys(LIMITS);

export const tenantLimits = optionsOf<TenantLimits>()(LIMITS);

/** The same for every tenant, whose retention has an option of its own. */
export const lokiLimits = optionsOf<LokiLimits>()({
  ...LIMITS,
  retention_period: refused(wrong("is the option 'loki.retention'", 'write it there')),
});

/** Limits of every tenant that has none of its own. */
export type LokiLimits = Omit<TenantLimits, 'retention_period'>;

/**
 * Limits of a tenant, with the names of Loki's `limits_config`.
 * @see https://grafana.com/docs/loki/v3.7.x/configure/#limits_config
 */
export interface TenantLimits {
  /** Time that its logs are kept. @default as `loki.retention` */
  readonly retention_period?: string;
  /** Megabytes per second that it may send. @default 20 */
  readonly ingestion_rate_mb?: number;
  /** Megabytes that it may send at once, at least 4. @default 40 */
  readonly ingestion_burst_size_mb?: number;
  /** Bytes per second of one stream, as `3MB`. @default '20MB' */
  readonly per_stream_rate_limit?: string;
  /** Bytes at once of one stream, at least 4MB. @default '40MB' */
  readonly per_stream_rate_limit_burst?: string;
  /** Longest line. @default '256KB', as Loki's own */
  readonly max_line_size?: string;
  /** Longest time range of a query. @default '721h', as Loki's own */
  readonly max_query_length?: string;
  /** Most series of a query. @default 5000 */
  readonly max_query_series?: number;
  /** Parts of a query that are worked on at a time. @default 128, as Loki's own */
  readonly tsdb_max_query_parallelism?: number;
  /** Most lines of a query. @default 5000, as Loki's own */
  readonly max_entries_limit_per_query?: number;
  /** Longest time that a query may take, 10 minutes at most. @default '5m' */
  readonly query_timeout?: string;
  /** Most rules of a group; 0 is no limit. @default 0 */
  readonly ruler_max_rules_per_rule_group?: number;
  /** Most groups of rules; 0 is no limit. @default 0 */
  readonly ruler_max_rule_groups_per_tenant?: number;
}
