import { LokiClient, quickLokiConfig, type RunningEngine, startLoki } from '../../lib/engines';
import { type BinaryOperation, matchingProblems, parseLogQL } from '../../lib/logql';
import { runs, someOf } from '../support/properties';

let loki: RunningEngine;
let client: LokiClient;

beforeAll(async () => {
  // Loki would repeat queries that fail, with a delay.
  const config = (dir: string) => {
    const { query_range, ...others } = quickLokiConfig({ dir }) as { readonly query_range: object };
    return { ...others, query_range: { ...query_range, max_retries: 1 } };
  };
  loki = await startLoki(({ dir }) => config(dir), { files: { 'rules/fake/none.yaml': 'groups: []\n' } });
  client = new LokiClient(loki.url);
  const now = BigInt(Date.now()) * 1_000_000n;
  const streams = ['a', 'b'].flatMap((app) => ['1', '2'].map((pod) => ({ job: 'x', app, pod })));
  // All series have all labels.
  const entries = ['error', 'info'].map((level) => [now, JSON.stringify({ level, took: '1' })] as const);
  await client.push(streams.map((labels) => ({ labels, entries })));
});

afterAll(() => loki?.stop());

const COUNT = (matchers: string) => `count_over_time({job="x", ${matchers}} [1h])`;
const [ANY, A, B] = [COUNT('app=~".+"'), COUNT('app="a"'), COUNT('app="b", pod="2"')];

const SIDES = [
  ...[ANY, A].flatMap((count) => [`sum by (app) (${count})`, `max by (app, pod) (${count})`, count]),
  `sum(${ANY})`,
  `sum by (pod) (${ANY})`,
  `sum by (app) (${B})`,
  `max by (app, pod) (${B})`,
  'sum by (level) (count_over_time({job="x"} | json | __error__="" [1h]))',
  'max_over_time({app="a"} | json | unwrap took | __error__="" [1h]) by (pod)',
  `sum without (pod) (${ANY})`,
  `topk(9, sum by (app) (${ANY}))`,
  `label_replace(sum(${ANY}), "app", "a", "", "")`,
  'count_over_time({job="x"} | drop pod [1h])',
  'count_over_time({job="x"} | keep app [1h])',
  'absent_over_time({app="a", none="1"} [1h])',
  'vector(1)',
];

const ARITHMETIC = [
  '+',
  '+ on ()',
  '+ on (app)',
  '+ on (app, pod)',
  '+ ignoring (pod)',
  '+ ignoring (app, pod)',
  '+ on () group_left ()',
  '+ on (app) group_left ()',
  '+ on (app) group_right ()',
  '+ ignoring (pod) group_left ()',
];
const SETS = ['and', 'and on ()', 'and on (app)', 'and ignoring (pod)', 'unless', 'unless on (app)'];

type Answer = { readonly error: string } | { readonly series: number };

async function ask(query: string): Promise<Answer> {
  try {
    return { series: (await client.query(query)).result.length };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

test('agrees with Loki on which sides never match, and which fail', async () => {
  const counts = new Map<string, number>();
  for (const side of SIDES) counts.set(side, (await client.query(side)).result.length);
  const queries = SIDES.flatMap((left) =>
    SIDES.flatMap((right) => [...ARITHMETIC, ...SETS].map((operator) => ({ left, operator, right }))),
  );
  const rest = someOf(queries).values();
  const differ: object[] = [];
  const seen = { 'no-match': 0, many: 0, fine: 0 };
  const work = async () => {
    for (const { left, operator, right } of rest) {
      const query = `(${left}) ${operator} (${right})`;
      const { expr } = parseLogQL(query);
      const problem = matchingProblems(expr as BinaryOperation).find(({ operation }) => operation === expr);
      const kind = problem?.kind ?? 'fine';
      seen[kind]++;
      const answer = await ask(query);
      const empty = operator.startsWith('unless') ? counts.get(left) : 0;
      const actual = 'error' in answer ? 'many' : answer.series === empty ? 'no-match' : 'fine';
      if ('error' in answer && !answer.error.includes('match')) throw new Error(`${query}: ${answer.error}`);
      // Several series without a counterpart fail, too.
      const expected = kind === 'no-match' && actual === 'many' ? 'many' : kind;
      // A side whose labels are unknown may match or not.
      const unknown = kind !== 'no-match' && [left, right].some((side) => hasUnknownLabels(side));
      if (actual !== expected && !unknown) differ.push({ query, kind, actual });
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  expect(differ).toEqual([]);
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs(400));
}, 600_000);

function hasUnknownLabels(side: string): boolean {
  return side.startsWith('count_over_time') || side.includes('without') || side.startsWith('label_replace');
}
