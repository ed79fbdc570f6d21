import { LokiClient } from '../../lib/engines';

/** Maximum number of lines per query, Loki's default. @see `limits_config.max_entries_limit_per_query` */
const PAGE = 5000;

/** Returns the numbers of flood requests in an access log, in order: `GET /flood/17 HTTP/1.1`. */
export function floodNumbers(log: string): number[] {
  return [...log.matchAll(/"GET \/flood\/(\d+) /g)].map(([, number]) => Number(number));
}

export interface LineCounts {
  /** Count of distinct numbers that the app logged. */
  readonly logged: number;
  /** Numbers that are missing in Loki. */
  readonly lost: readonly number[];
  /** Count of duplicate lines in Loki. */
  readonly duplicates: number;
}

/** Compares the numbers that an app logged with those in Loki, from `first` to `last`. */
export function compareNumbers(
  logged: readonly number[],
  stored: readonly number[],
  { first, last }: { readonly first: number; readonly last: number },
): LineCounts {
  const inRange = (number: number) => number >= first && number <= last;
  const held = stored.filter(inRange);
  const distinct = new Set(held);
  const expected = [...new Set(logged.filter(inRange))];
  return {
    logged: expected.length,
    lost: expected.filter((number) => !distinct.has(number)),
    duplicates: held.length - distinct.size,
  };
}

/** Returns the numbers of flood lines in Loki in a range of Unix milliseconds. @throws with Loki's reason */
export async function storedNumbers(lokiUrl: string, selector: string, start: number, end: number): Promise<number[]> {
  const loki = new LokiClient(lokiUrl);
  // Keyed by line and time, because a page starts at the last timestamp of the previous one.
  const lines = new Map<string, number>();
  let from = start / 1000;
  for (;;) {
    const query = { start: from, end: end / 1000, limit: PAGE, direction: 'forward' } as const;
    const { result, resultType } = await loki.queryRange(`${selector} |= "GET /flood/"`, query);
    if (resultType !== 'streams') throw new Error(`Loki answered a log query with a ${resultType}`);
    const page = result.flatMap(({ values }) => values);
    for (const [time, line] of page) lines.set(`${time} ${line}`, floodNumbers(line)[0] ?? Number.NaN);
    if (page.length < PAGE) return [...lines.values()];
    // A double has a precision of 0.25 µs for Unix seconds; one microsecond earlier is enough.
    from = Math.max(...page.map(([time]) => Number(time) / 1e9)) - 1e-6;
  }
}
