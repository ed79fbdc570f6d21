import { parseLogQL } from '../../lib/logql';
import corpus from './corpus.json';

// Verdicts of Loki's own parser, as it judges rules at load: queries from its documentation and tests, from
// generators, and every query on which the two ever differed.
const entries: readonly { query: string; valid: boolean; error?: string }[] = corpus;

test('the verdict on every query of the corpus is that of Loki', () => {
  const wrong = entries
    .map(({ query, valid, error }) => ({ query, loki: valid ? 'valid' : error, problems: parseLogQL(query).problems }))
    .filter(({ loki, problems }) => (loki === 'valid') !== (problems.length === 0));
  expect(wrong).toEqual([]);
});

test('the corpus has many queries of both kinds', () => {
  expect(entries.length).toBeGreaterThan(1000);
  expect(entries.filter(({ valid }) => valid).length).toBeGreaterThan(400);
  expect(entries.filter(({ valid }) => !valid).length).toBeGreaterThan(400);
});

test('every problem says where it is', () => {
  for (const { query } of entries) {
    for (const { from, to, id } of parseLogQL(query).problems) {
      expect([query, id, from >= 0 && from <= to && to <= query.length]).toEqual([query, id, true]);
    }
  }
});
