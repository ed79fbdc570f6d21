import { stringify } from 'yaml';
import { quickLokiConfig, type RunningEngine, startLoki } from '../../lib/engines';
import { parseLogQL } from '../../lib/logql';
import fc from '../support/properties';
import { damagedQuery } from './arbitrary';
import corpus from './corpus.json';

let loki: RunningEngine;

beforeAll(async () => {
  // Loki cannot write to its rules folder: it validates a posted rule, and then fails to store it.
  const files = { 'rules/fake/none.yaml': 'groups: []\n' };
  loki = await startLoki(({ dir }) => quickLokiConfig({ dir }), { files });
});

afterAll(() => loki?.stop());

type Verdict = 'valid' | 'invalid' | 'not representable in YAML';

/** Verdict of a real Loki's ruler on an alert with this expression. */
async function verdictOfLoki(expr: string): Promise<Verdict> {
  const body = stringify({ name: 'group', rules: [{ alert: 'alert', expr }] });
  const response = await fetch(`${loki.url}/loki/api/v1/rules/namespace`, { method: 'POST', body });
  const text = await response.text();
  if (response.status === 500 && text.includes('unsupported in rule local store')) return 'valid';
  if (response.status !== 400) throw new Error(`Loki answered ${response.status} to ${JSON.stringify(expr)}: ${text}`);
  return /^(could not parse expression|field 'expr' must be set)/.test(text) ? 'invalid' : 'not representable in YAML';
}

interface Difference {
  readonly query: string;
  readonly loki: Verdict;
  readonly problem?: string;
}

/** Queries on which the two parsers disagree; several are checked concurrently. */
async function differences(queries: readonly string[]): Promise<{ differ: Difference[]; judged: number }> {
  const differ: Difference[] = [];
  let judged = 0;
  const rest = queries.values();
  const ask = async () => {
    for (const query of rest) {
      const verdict = await verdictOfLoki(query);
      const problem = parseLogQL(query).problems[0]?.problem;
      if (verdict === 'not representable in YAML') continue;
      judged++;
      if ((verdict === 'valid') !== (problem === undefined)) differ.push({ query, loki: verdict, problem });
    }
  };
  await Promise.all([ask(), ask(), ask(), ask()]);
  return { differ, judged };
}

test('a real Loki returns the verdicts of the corpus', async () => {
  const queries = corpus.map(({ query }) => query);
  const { differ, judged } = await differences(queries);
  expect(differ).toEqual([]);
  expect(judged).toBeGreaterThan(queries.length * 0.95);
}, 120_000);

test('Loki and parseLogQL agree on generated queries', async () => {
  const queries = fc.sample(damagedQuery, 3000);
  const { differ, judged } = await differences(queries);
  // Add a query that is listed here to corpus.json, with Loki's verdict.
  expect(differ).toEqual([]);
  expect(judged).toBeGreaterThan(queries.length * 0.8);
}, 120_000);
