import { parseLogQL } from '../../lib/logql';
import corpus from './corpus.json';

// Verdicts of Loki's own parser when it loads rules: queries from its documentation and tests, from generators, and
// every query on which the two parsers have ever disagreed.
const entries: readonly { query: string; valid: boolean; error?: string }[] = corpus;

test('agrees with Loki on every query of the corpus', () => {
  const wrong = entries
    .map(({ query, valid, error }) => ({ query, loki: valid ? 'valid' : error, problems: parseLogQL(query).problems }))
    .filter(({ loki, problems }) => (loki === 'valid') !== (problems.length === 0));
  expect(wrong).toEqual([]);
});

test('the corpus has many valid and many invalid queries', () => {
  expect(entries.length).toBeGreaterThan(1000);
  expect(entries.filter(({ valid }) => valid).length).toBeGreaterThan(400);
  expect(entries.filter(({ valid }) => !valid).length).toBeGreaterThan(400);
});

test('every problem has its place', () => {
  for (const { query } of entries) {
    for (const { from, to, id } of parseLogQL(query).problems) {
      expect([query, id, from >= 0 && from <= to && to <= query.length]).toEqual([query, id, true]);
    }
  }
});
