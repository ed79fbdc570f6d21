import { LokiClient } from '../../lib/engines';

/** Lines a query, Loki's own most. @see `limits_config.max_entries_limit_per_query` */
const PAGE = 5000;

/** The numbers of the flood's requests in an access log, in its order: `GET /flood/17 HTTP/1.1`. */
export function floodNumbers(log: string): number[] {
  return [...log.matchAll(/"GET \/flood\/(\d+) /g)].map(([, number]) => Number(number));
}

export interface LineCounts {
  /** Different numbers that the app logged. */
  readonly logged: number;
  /** Those of them that Loki lacks. */
  readonly lost: readonly number[];
  /** Lines that Loki has twice. */
  readonly twice: number;
}

/** Compares what an app logged with what Loki holds, for numbers from `first` to `last`. */
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
    twice: held.length - distinct.size,
  };
}

/** Numbers of all of the flood's lines that Loki holds of this span, Unix milliseconds. @throws with Loki's reason */
export async function storedNumbers(lokiUrl: string, selector: string, start: number, end: number): Promise<number[]> {
  const loki = new LokiClient(lokiUrl);
  // By line and time, because a page begins with the time at which the one before it ended.
  const lines = new Map<string, number>();
  let from = start / 1000;
  for (;;) {
    const query = { start: from, end: end / 1000, limit: PAGE, direction: 'forward' } as const;
    const { result, resultType } = await loki.queryRange(`${selector} |= "GET /flood/"`, query);
    if (resultType !== 'streams') throw new Error(`Loki answered a log query with a ${resultType}`);
    const page = result.flatMap(({ values }) => values);
    for (const [time, line] of page) lines.set(`${time} ${line}`, floodNumbers(line)[0] ?? Number.NaN);
    if (page.length < PAGE) return [...lines.values()];
    // A double holds Unix seconds to a quarter of a microsecond; a microsecond earlier is early enough.
    from = Math.max(...page.map(([time]) => Number(time) / 1e9)) - 1e-6;
  }
}
