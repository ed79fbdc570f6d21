import * as v from 'valibot';
import { MAX_BATCH_SIZE } from '../collector/batch';
import { durationMs } from '../text/duration';
import { duration, entriesOf, optionsOf, positiveInteger, refused, wrong } from '../validate/validate';
import { RESPONSE_TIMEOUT } from './timeouts';

const positive = v.pipe(
  v.number(),
  v.check((number) => number > 0 && Number.isFinite(number), 'must be a number above 0'),
);

/** Loki's notation of bytes. @see https://github.com/grafana/loki/blob/v3.7.8/pkg/util/flagext/bytesize.go */
const byteSize = v.pipe(
  v.string(),
  v.regex(/^\d+(\.\d+)?([KMG]B)$/, wrong('is not a valid size', 'use a number with KB, MB or GB, e.g. 3MB')),
);

/**
 * Minimum burst in MB: twice the largest batch of a collector, since Loki adds a level to each line and counts it. Loki
 * always responds with 429 to a batch larger than the burst, and the collector retries it for an hour, which blocks all
 * logs of its node.
 */
const MIN_BURST_MB = (2 * MAX_BATCH_SIZE) / 2 ** 20;

const burst = v.pipe(
  v.number(),
  v.check(
    (number) => number >= MIN_BURST_MB && Number.isFinite(number),
    wrong(
      'is less than the megabytes of the largest batch of a collector, which Loki would always reject',
      `use ${MIN_BURST_MB} or more`,
    ),
  ),
);

const byteBurst = v.pipe(
  byteSize,
  v.check(
    (text) => !(bytes(text) < MIN_BURST_MB * 2 ** 20),
    wrong(
      'is less than the largest batch of a collector, which Loki would always reject',
      `use ${MIN_BURST_MB}MB or more`,
    ),
  ),
);

function bytes(text: string): number {
  return Number.parseFloat(text) * ({ K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[text.at(-2) ?? ''] ?? Number.NaN);
}

const naturalNumber = v.pipe(
  v.number(),
  v.check((number) => Number.isInteger(number) && number >= 0, 'must be a whole number; 0 means unlimited'),
);

/** Schemas of the supported limits of a tenant, with the names of Loki's `limits_config`. */
const LIMITS = entriesOf<TenantLimits>()({
  retention_period: v.optional(duration),
  ingestion_rate_mb: v.optional(positive),
  ingestion_burst_size_mb: v.optional(burst),
  per_stream_rate_limit: v.optional(byteSize),
  per_stream_rate_limit_burst: v.optional(byteBurst),
  max_global_streams_per_user: refused(
    wrong(
      'is not supported, because one stream too many would block all logs of its node for an hour',
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
        (text) => !((durationMs(text) ?? 0) > (durationMs(RESPONSE_TIMEOUT) ?? 0)),
        wrong(`is longer than the timeout of responses, ${RESPONSE_TIMEOUT}`, 'lower it, or narrow the queries'),
      ),
    ),
  ),
  ruler_max_rules_per_rule_group: v.optional(naturalNumber),
  ruler_max_rule_groups_per_tenant: v.optional(naturalNumber),
});

/** Names of the limits. */
export const LIMIT_NAMES: readonly string[] = Object.keys(LIMITS);

export const tenantLimits = optionsOf<TenantLimits>()(LIMITS);

/** Schema of the limits of all tenants, without the retention, which is a separate option. */
export const lokiLimits = optionsOf<LokiLimits>()({
  ...LIMITS,
  retention_period: refused(wrong("is set by the option 'loki.retention'", 'use that option')),
});

/** Limits of tenants without their own. */
export type LokiLimits = Omit<TenantLimits, 'retention_period'>;

/**
 * Limits of a tenant, with the names of Loki's `limits_config`.
 * @see https://grafana.com/docs/loki/v3.7.x/configure/#limits_config
 */
export interface TenantLimits {
  /** Time that its logs are kept. @default as `loki.retention` */
  readonly retention_period?: string;
  /** Ingestion rate, MB/s. @default 20 */
  readonly ingestion_rate_mb?: number;
  /** Ingestion burst in MB, at least 4. @default 40 */
  readonly ingestion_burst_size_mb?: number;
  /** Bytes per second of one stream, e.g. `3MB`. @default '20MB' */
  readonly per_stream_rate_limit?: string;
  /** Burst of one stream, at least 4MB. @default '40MB' */
  readonly per_stream_rate_limit_burst?: string;
  /** Maximum size of a line. @default '256KB', as Loki */
  readonly max_line_size?: string;
  /** Maximum time range of a query. @default '721h', as Loki */
  readonly max_query_length?: string;
  /** Maximum number of series of a query. @default 5000 */
  readonly max_query_series?: number;
  /** Maximum number of parts of a query that run in parallel. @default 128, as Loki */
  readonly tsdb_max_query_parallelism?: number;
  /** Maximum number of lines that a query returns. @default 5000, as Loki */
  readonly max_entries_limit_per_query?: number;
  /** Timeout of a query, at most 10 minutes. @default '5m' */
  readonly query_timeout?: string;
  /** Maximum number of rules in a group; 0 means unlimited. @default 0 */
  readonly ruler_max_rules_per_rule_group?: number;
  /** Maximum number of rule groups; 0 means unlimited. @default 0 */
  readonly ruler_max_rule_groups_per_tenant?: number;
}
