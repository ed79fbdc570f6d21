import * as v from 'valibot';
import type { Duration } from '../rules/model';
import { durationMs } from '../text/duration';
import { fields as closedFields } from '../validate/fields';
import type { SchemaOf, Tied } from '../validate/schema-of';
import { wrong } from '../validate/validate';
import { parseLabels } from './labels';
import { parseRate } from './rate';

/** Longest test time: Loki rejects queries over more than `max_query_length` (721h). */
const MAX_MS = 721 * 3_600_000;

/** `0` needs no quotes, as in promtool. */
export const durationText = v.union([v.string(), v.literal(0)], 'must be a duration such as 30s, 5m or 1h30m');

export const testDuration = v.pipe(
  durationText,
  v.transform(String),
  v.check(
    (text) => durationMs(text) !== undefined,
    wrong('is not a valid duration', 'use whole numbers with units, e.g. 90s or 1h30m'),
  ),
  v.check((text) => (durationMs(text) ?? 0) <= MAX_MS, 'is longer than 721h, the maximum range of a query in Loki'),
) as unknown as v.GenericSchema<Duration>;

export const positiveDuration = v.pipe(
  testDuration,
  v.check((text) => durationMs(text) !== 0, 'must be longer than 0'),
) as v.GenericSchema<Duration>;

export const rate = v.pipe(
  v.string('must be a rate such as 120/s, 30/m or 1/h'),
  v.check(
    (text) => parseRate(text) !== undefined,
    wrong('is not a valid rate', 'use lines per second, minute or hour, e.g. 120/s, 30/m or 0.5/s'),
  ),
  v.metadata({ description: 'Lines per second, minute or hour: 120/s, 30/m, 1/h.' }),
);

/** YAML reads `status: 500` as a number; it is converted to a string, as promtool does. */
const labelValue = v.pipe(
  v.union([v.string(), v.number(), v.boolean()], 'must be a string'),
  v.transform((value) => String(value)),
);

export const labelMap = (description: string) =>
  v.pipe(v.record(v.string(), labelValue, 'must be a map of strings'), v.metadata({ description }));

export const streamLabels = v.pipe(
  v.union(
    [
      v.pipe(
        v.string(),
        v.check(
          (labels) => 'labels' in parseLabels(labels),
          (issue) => problemOf(issue.input),
        ),
      ),
      v.record(v.string(), labelValue),
    ],
    (issue) =>
      typeof issue.input === 'string' ? problemOf(issue.input) : `must be labels such as '{app="web"}' or a map`,
  ),
  v.metadata({ description: `Labels as '{app="web", level="error"}' or as a map.` }),
);

function problemOf(labels: string): string {
  const parsed = parseLabels(labels);
  return 'problem' in parsed ? wrong(parsed.problem, parsed.fix) : '';
}

/** Returns the schema of an object with the fields of `T`, and no others. */
export function fields<T>() {
  return <const Entries extends v.ObjectEntries>(
    entries: Entries & SchemaOf<T> & Tied<T, Entries>,
    description: string,
  ): v.GenericSchema<T> =>
    closedFields(entries as v.ObjectEntries, description, REJECTED) as unknown as v.GenericSchema<T>;
}

/** Fields of promtool that have no effect, or another meaning, for log rules. */
const REJECTED: Readonly<Record<string, string>> = {
  input_series: wrong('is not supported', 'use "input_streams" with labels and log lines'),
  promql_expr_test: wrong('is not supported', 'use "logql_expr_test" with a LogQL expression'),
  group_eval_order: wrong('has no effect, since no rule of Loki can read the result of another', 'remove it'),
  fuzzy_compare: wrong(
    'is not needed, since values are equal if they differ by less than 1e-9 of their size',
    'remove it',
  ),
};
