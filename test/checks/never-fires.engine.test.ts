import { parse } from 'yaml';
import type { CheckId } from '../../lib/checks';
import { type LogStream, LokiClient, quickLokiConfig, type RunningEngine, startLoki } from '../../lib/engines';
import { exampleOf } from './examples';

let loki: RunningEngine;

beforeAll(async () => {
  const config = (dir: string) => quickLokiConfig({ dir, multiTenant: true });
  loki = await startLoki(({ dir }) => config(dir), { files: { 'rules/fake/none.yaml': 'groups: []\n' } });
});

afterAll(() => loki?.stop());

type Lines = readonly (readonly [labels: Record<string, string>, ...lines: string[]])[];

const WEB = { app: 'web' };
const json = (fields: object) => JSON.stringify(fields);

/** Lines for which the rule was written: the problem of the page stays silent or fails, its fix fires. */
const LINES: Partial<Record<CheckId, Lines>> = {
  'vector-matching': [[{ namespace: 'shop', app: 'web' }, 'error', 'ok']],
  'vector-matching-many': [
    [{ namespace: 'shop', app: 'web', pod: 'a' }, 'error', 'ok'],
    [{ namespace: 'shop', app: 'web', pod: 'b' }, 'error', 'ok'],
  ],
  'series-per-line': [[WEB, ...[1, 2, 3].map((id) => json({ level: 'error', id }))]],
  'operand-missing': [[WEB, 'status=500', 'status=503']],
  'never-matches': [[WEB, 'an error', 'error 2', 'error 3']],
  'filter-before-parser': [
    [WEB, json({ status: '500', n: '1' }), json({ status: '500', n: '2' }), json({ status: '500' })],
  ],
  'parser-label-repeated': [[WEB, 'GET /pay level=error']],
  'regexp-double-escape': [[WEB, 'status=503']],
  'regexp-as-text': [[WEB, 'a fatal problem']],
  'anchored-regexp': [[WEB, 'level=warn msg="upstream: connection refused, retrying"']],
  'query-variable': [[WEB, 'error']],
  'line-filter-simplified': [[WEB, 'connection to the database failed']],
  'line-filter-ip-alternatives': [[WEB, '10.1.2.3 GET /']],
  'line-filter-order': [[WEB, 'level=\x1b[31merror\x1b[0m']],
  'logfmt-expression-empty': [[WEB, 'level=error msg="disk full"']],
  'count-never-zero': [],
};

describe.each(Object.entries(LINES))('%s', (id, lines) => {
  const client = () => new LokiClient(loki.url, { tenant: id });

  beforeAll(async () => {
    const now = BigInt(Date.now()) * 1_000_000n;
    const streams: LogStream[] = (lines as Lines).map(([labels, ...texts]) => ({
      labels,
      entries: texts.map((text, index) => [now + BigInt(index), text]),
    }));
    if (streams.length > 0) await client().push(streams);
  });

  test('the problem does not fire', async () => {
    const answer = await client()
      .query(expressionOf(id as CheckId, 'Problem'))
      .then(
        ({ result }) => result,
        () => [],
      );
    expect(answer).toEqual([]);
  });

  test('the fix fires', async () => {
    expect((await client().query(expressionOf(id as CheckId, 'Fix'))).result).not.toEqual([]);
  });
});

test('or-precedence: the problem fires below the threshold, the fix does not', async () => {
  const client = new LokiClient(loki.url, { tenant: 'or-precedence' });
  await client.push([{ labels: WEB, entries: [[BigInt(Date.now()) * 1_000_000n, 'error']] }]);
  const seriesOf = async (heading: 'Problem' | 'Fix') =>
    (await client.query(expressionOf('or-precedence', heading))).result.length;
  expect([await seriesOf('Problem'), await seriesOf('Fix')]).toEqual([1, 0]);
});

function expressionOf(id: CheckId, heading: 'Problem' | 'Fix'): string {
  const text = exampleOf(id, heading)?.files['rules.yaml'] ?? '';
  return parse(text).groups[0].rules[0].expr;
}
