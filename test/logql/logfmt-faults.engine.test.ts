import { LokiClient, quickLokiConfig, type RunningEngine, startLoki } from '../../lib/engines';
import { logfmtFaults, parseLogQL } from '../../lib/logql';

let loki: RunningEngine;
let client: LokiClient;

/** All orders of the fields, so that each one comes first and last, with values that the filters below distinguish. */
const LINES = ['error', 'info'].flatMap((level) =>
  ['500', '200'].flatMap((status) => orders([`level=${level}`, `status=${status}`, 'took=2'])),
);

function orders(fields: readonly string[]): string[] {
  if (fields.length === 1) return [...fields];
  return fields.flatMap((first) => orders(fields.filter((field) => field !== first)).map((rest) => `${first} ${rest}`));
}

beforeAll(async () => {
  loki = await startLoki(({ dir }) => quickLokiConfig({ dir }), { files: { 'rules/fake/none.yaml': 'groups: []\n' } });
  client = new LokiClient(loki.url);
  const now = BigInt(Date.now()) * 1_000_000n;
  await client.push([
    { labels: { app: 'x', job: 'j' }, entries: LINES.map((line, index) => [now + BigInt(index), line] as const) },
  ]);
});

afterAll(() => loki?.stop());

const PARSERS = [
  'level',
  'lvl="level"',
  'level, status',
  'level, status, took',
  'lvl="level", status',
  'lvl="level", st="status"',
  'level="level", st="status", took',
];

/** Filters that some of the lines pass. */
const FILTERS = [
  '',
  ' | level="error"',
  ' | lvl="error"',
  ' | status=~"[0-9]+"',
  ' | status>=500',
  ' | level="error" | status="500"',
  ' | lvl="info" or st="500"',
  ' | label_format x="{{ .level }}{{ .lvl }}" | x="error"',
  ' | line_format "{{ .status }}" |= "500"',
  ' | job="j"',
];

const GROUPINGS = ['', ' by (app)', ' by (level)', ' by (lvl)', ' by (level, status)', ' by (st)', ' without (app)'];

const BEFORE = ['', ' | regexp "(?P<first>[a-z]+)="', ' | regexp "level=(?P<word>[a-z]+)" | word="error"'];

/** An aggregation, and the same without hints for the parsers: Loki only has them directly above a range. */
type Aggregation = (query: string, grouping: string) => readonly [query: string, withoutHints: string];

const unhinted = (expr: string) => `label_replace(${expr}, "unused", "", "unused", "")`;
const pair = (outer: string, inner: string): readonly [string, string] => [
  `${outer} (${inner})`,
  `${outer} (${unhinted(inner)})`,
];

const AGGREGATIONS: readonly Aggregation[] = [
  (query, grouping) => pair(`sum${grouping}`, `count_over_time(${query} [1h])`),
  (query, grouping) => pair(`sum${grouping}`, `bytes_over_time(${query} [1h])`),
  (query, grouping) => pair(`max${grouping}`, `rate(${query} [1h])`),
  (query, grouping) => pair(`sum${grouping}`, `sum_over_time(${query} | unwrap took [1h])`),
  (query, grouping) => [
    `max_over_time(${query} | unwrap took [1h])${grouping || ' by (job)'}`,
    `max${grouping || ' by (job)'} (${unhinted(`max_over_time(${query} | unwrap took [1h])`)})`,
  ],
];

/** Series with their values. An empty label that is compared with a number fails the query. */
async function resultOf(query: string): Promise<string> {
  const answer = await client.query(query).catch((error: Error) => error.message);
  if (typeof answer === 'string') {
    if (!answer.includes('pipeline error')) throw new Error(`${query}: ${answer}`);
    return 'pipeline error';
  }
  const { result } = answer;
  const series = result as readonly { readonly metric: object; readonly value: readonly [number, string] }[];
  return JSON.stringify(series.map(({ metric, value }) => [Object.entries(metric).sort(), value[1]]).sort());
}

test('agrees with Loki on the expressions of logfmt whose labels are empty', async () => {
  const queries = AGGREGATIONS.flatMap((aggregation, index) =>
    GROUPINGS.flatMap((grouping) =>
      // One aggregation is enough for what other parsers extract.
      (index === 0 ? BEFORE : ['']).flatMap((before) =>
        PARSERS.flatMap((parser) =>
          FILTERS.map((filter) => aggregation(`{app="x"}${before} | logfmt ${parser}${filter}`, grouping)),
        ),
      ),
    ),
  );
  const rest = queries.values();
  const missed: string[] = [];
  const wrong: string[] = [];
  let faults = 0;
  let sound = 0;
  const compare = async () => {
    for (const [query, withoutHints] of rest) {
      const { expr } = parseLogQL(query);
      if (!expr) throw new Error(`invalid query ${query}`);
      const expected = await resultOf(withoutHints);
      // A filter on a label that no stage extracts has no lines in any case.
      if (expected === '[]' || expected === 'pipeline error') continue;
      const differ = (await resultOf(query)) !== expected;
      const found = logfmtFaults(expr).length > 0;
      if (differ && !found) missed.push(query);
      if (found && !differ) wrong.push(query);
      if (differ) faults++;
      else sound++;
    }
  };
  await Promise.all([compare(), compare(), compare(), compare()]);
  expect({ missed, wrong }).toEqual({ missed: [], wrong: [] });
  expect(faults).toBeGreaterThan(300);
  expect(sound).toBeGreaterThan(300);
}, 600_000);
