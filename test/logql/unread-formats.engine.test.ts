import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { LokiClient, quickLokiConfig, type RunningEngine, startLoki } from '../../lib/engines';
import { type Expr, neverEvaluates, parseLogQL } from '../../lib/logql';

/** Templates that do not parse. */
const BROKEN = ['line_format "{{ .x"', 'line_format "{{ nope .x }}"'];

/** Each kind of stage; those that read the line, and those that do not. */
const STAGES = [
  '',
  '|= "a"',
  '!~ "b"',
  '|> "<_>a<_>"',
  '| json',
  '| json x="x"',
  '| logfmt',
  '| logfmt x="x"',
  '| unpack',
  '| regexp `(?P<x>a)`',
  '| pattern `<x> a`',
  '| decolorize',
  '| level="a"',
  '| label_format y=app',
  '| label_format y="{{ .app }}"',
  '| drop level',
  '| keep app',
  '| line_format "{{ .app }}"',
  '| line_format "{{ .app }}" |= "a"',
  '| level="a" | json',
];

const PIPELINES = BROKEN.flatMap((broken) =>
  STAGES.flatMap((after) => [`| ${broken} ${after}`, `| json | ${broken} ${after}`]),
);

const AGGREGATIONS: readonly ((pipeline: string) => string)[] = [
  ...['count_over_time', 'rate', 'bytes_over_time', 'bytes_rate', 'absent_over_time'].map(
    (operation) => (pipeline: string) => `${operation}({app="web"} ${pipeline} [5m])`,
  ),
  (pipeline) => `sum by (app) (sum_over_time({app="web"} ${pipeline} | unwrap took [5m]))`,
  (pipeline) => `avg_over_time({app="web"} ${pipeline} | unwrap bytes(size) | __error__="" [5m]) by (app)`,
  (pipeline) => `topk(1, count_over_time({app="web"}[5m])) or sum(bytes_rate({app="web"} ${pipeline} [5m]))`,
  (pipeline) => `sum(count_over_time({app="web"} ${pipeline} [5m])) / 2`,
];

const QUERIES = AGGREGATIONS.flatMap((aggregate) => PIPELINES.map(aggregate));

let loki: RunningEngine;

beforeAll(async () => {
  const rules = QUERIES.map((expr, i) => ({ alert: `A${i}`, expr }));
  const groups = [{ name: 'g', interval: '1s', rules: rules }];
  loki = await startLoki(
    ({ dir }) => quickLokiConfig({ dir, ruler: { evaluation_interval: '1s', poll_interval: '1s' } }),
    { files: { 'rules/fake/rules.yaml': stringify({ groups }) } },
  );
  const now = BigInt(Date.now()) * 1_000_000n;
  await new LokiClient(loki.url).push([{ labels: { app: 'web' }, entries: [[now, '{"x": "a"}']] }]);
});

afterAll(() => loki?.stop());

interface RuleState {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
  readonly lastEvaluation: string;
}

/** Rules of which the ruler says that their evaluation fails. */
async function failing(): Promise<ReadonlySet<string>> {
  const since = Date.now();
  for (;;) {
    const response = await fetch(`${loki.url}/prometheus/api/v1/rules`);
    const { data } = (await response.json()) as { data: { groups: { rules: RuleState[] }[] } };
    const rules = data.groups.flatMap((group) => group.rules);
    const done = rules.length === QUERIES.length && rules.every((rule) => Date.parse(rule.lastEvaluation) > since);
    if (done) return new Set(rules.filter(({ health }) => health === 'err').map(({ name }) => name));
    await sleep(200);
  }
}

test('the ruler fails exactly on the templates that are reported', async () => {
  const errors = await failing();
  const fails = (query: string) => neverEvaluates(parseLogQL(query).expr as Expr).length > 0;
  const differ = QUERIES.filter((query, i) => fails(query) !== errors.has(`A${i}`));
  expect(differ).toEqual([]);
  // Both verdicts are frequent.
  expect(errors.size).toBeGreaterThan(QUERIES.length / 4);
  expect(errors.size).toBeLessThan((QUERIES.length * 3) / 4);
}, 120_000);
