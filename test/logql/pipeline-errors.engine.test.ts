import { LokiClient, quickLokiConfig, type RunningEngine, startLoki } from '../../lib/engines';
import { parseLogQL, pipelineFailures } from '../../lib/logql';

let loki: RunningEngine;
let client: LokiClient;

const LEVELS = ['info', 'error'];
const STATUSES = ['200', '500'];

/** All values that the stages below filter by, in each format of a line. */
const LINES = LEVELS.flatMap((level) =>
  STATUSES.flatMap((status) => [
    `${level} words ${status}`,
    `level=${level} status=${status} took=1.5s size=10KB addr=10.0.0.1`,
    JSON.stringify({ level, status, took: '1.5s', size: '10KB', addr: '10.0.0.1' }),
    JSON.stringify({ _entry: `${level} words`, level, status, took: '1.5s', size: '10KB', addr: '10.0.0.1' }),
  ]),
);

/** Lines in the right format with one value of the wrong type. */
const WRONG_VALUES = LEVELS.flatMap((level) =>
  ['status', 'took', 'size'].flatMap((wrong) => {
    const right = { level, status: '500', took: '1.5s', size: '10KB', addr: '10.0.0.1', m: 'true' };
    const fields = Object.entries({ ...right, [wrong]: 'many' });
    return [fields.map(([name, value]) => `${name}=${value}`).join(' '), JSON.stringify(Object.fromEntries(fields))];
  }),
);

beforeAll(async () => {
  loki = await startLoki(({ dir }) => quickLokiConfig({ dir }), { files: { 'rules/fake/none.yaml': 'groups: []\n' } });
  client = new LokiClient(loki.url);
  const now = BigInt(Date.now()) * 1_000_000n;
  const entries = (lines: readonly string[]) => lines.map((line, index) => [now + BigInt(index), line] as const);
  await client.push([
    ...['x', 'y'].map((job) => ({ labels: { app: 'right', job }, entries: entries(LINES) })),
    ...['x', 'y'].map((job) => ({ labels: { app: 'wrong', job }, entries: entries([...LINES, ...WRONG_VALUES]) })),
  ]);
});

afterAll(() => loki?.stop());

const PARSERS = [
  'json',
  'json level="level"',
  'logfmt',
  'logfmt --strict',
  'unpack',
  'regexp `level=(?P<level>\\w+)`',
  'pattern `level=<level> <_>`',
];

const FILTERS = [
  'level="error"',
  'level!="error"',
  'level=~"err.*"',
  'level!~"error|fatal"',
  'level=~".*"',
  'status>=500',
  'took>1s',
  'size>1KB',
  'addr=ip("10.0.0.0/8")',
  'job="x"',
  'job="y"',
  'm="true"',
  'level="error" or status>=500',
  'level="error", status>=500',
];

const ERROR_FILTERS = [
  '__error__=""',
  '__error__!=""',
  '__error__!="JSONParserErr"',
  '__error__=~"Logfmt.*"',
  '__error_details__=""',
  'status>=500 or __error__=""',
  'drop __error__',
  'drop __error__="JSONParserErr"',
  'drop __error_details__',
];

const OTHERS = [
  'line_format "{{ .level }}"',
  'label_format m="true"',
  'label_format m="{{ .level | ToLower }}"',
  'label_format level=job',
  'drop level',
  'keep job',
  'decolorize',
];

const STAGES = [...PARSERS, ...FILTERS, ...ERROR_FILTERS, ...OTHERS];

type Aggregation = (log: string) => string;

/** One aggregation for each way in which Loki prepares a pipeline. */
const AGGREGATIONS: readonly Aggregation[] = [
  (log) => `sum(count_over_time(${log} [1h]))`,
  (log) => `sum by (level) (count_over_time(${log} [1h]))`,
  (log) => `count_over_time(${log} [1h])`,
  (log) => `sum by (app) (sum_over_time(${log} | unwrap status [1h]))`,
];

const OTHER_AGGREGATIONS: readonly Aggregation[] = [
  (log) => `sum by (app) (rate(${log} [1h]))`,
  (log) => `sum by (__error__) (count_over_time(${log} [1h]))`,
  (log) => `sum without (level) (bytes_over_time(${log} [1h]))`,
  (log) => `max by (app) (count_over_time(${log} [1h]))`,
  (log) => `absent_over_time(${log} [1h])`,
  (log) => `max_over_time(${log} | unwrap duration(took) | __error__!="JSONParserErr" [1h]) by (app)`,
];

interface Difference {
  readonly query: string;
  readonly loki: string;
  readonly expected?: string;
}

/** Queries that Loki fails and `pipelineFailures` does not report, or vice versa. */
async function differences(
  queries: readonly string[],
  kinds: readonly string[],
): Promise<{ differ: Difference[]; asked: number }> {
  const rest = queries.values();
  const differ: Difference[] = [];
  let asked = 0;
  const ask = async () => {
    for (const query of rest) {
      const { expr } = parseLogQL(query);
      if (!expr) continue;
      asked++;
      const failure = pipelineFailures(expr, ['job']).find(({ cause }) => kinds.includes(cause.kind));
      const answer = await client.query(query).then(
        () => 'answers',
        (error: Error) => error.message,
      );
      if (answer !== 'answers' && !answer.includes('pipeline error')) throw new Error(`${query}: ${answer}`);
      if ((answer === 'answers') !== (failure === undefined)) {
        differ.push({ query, loki: answer.slice(0, 160), expected: failure && JSON.stringify(failure.cause) });
      }
    }
  };
  await Promise.all([ask(), ask(), ask(), ask()]);
  return { differ, asked };
}

function queriesOf(aggregations: readonly Aggregation[], app: string, pipelines: readonly string[]): string[] {
  return aggregations.flatMap((aggregation) => pipelines.map((stages) => aggregation(`{app="${app}"}${stages}`)));
}

test('agrees with Loki on lines that cannot be parsed, for all pairs of stages', async () => {
  const pairs = (first: readonly string[]) => first.flatMap((one) => STAGES.map((two) => ` | ${one} | ${two}`));
  const queries = [
    ...queriesOf(AGGREGATIONS, 'right', pairs(STAGES)),
    ...queriesOf(OTHER_AGGREGATIONS, 'right', pairs(PARSERS)),
  ];
  const { differ, asked } = await differences(queries, ['unparsable']);
  expect(differ).toEqual([]);
  expect(asked).toBeGreaterThan(6000);
}, 300_000);

test('agrees with Loki on values of the wrong type, in pipelines that handle __error__', async () => {
  const pipelines = ['json', 'logfmt'].flatMap((parser) =>
    FILTERS.flatMap((filter) =>
      ERROR_FILTERS.flatMap((error) => [` | ${parser} | ${filter} | ${error}`, ` | ${parser} | ${error} | ${filter}`]),
    ),
  );
  const { differ } = await differences(queriesOf(AGGREGATIONS, 'wrong', pipelines), ['unparsable', 'value']);
  expect(differ).toEqual([]);
}, 300_000);
