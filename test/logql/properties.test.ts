import fc from 'fast-check';
import { neverEvaluates, outputLabels, parseLogQL, sources } from '../../lib/logql';
import corpus from './corpus.json';

/** A query of the corpus with a few characters removed, doubled or replaced. */
const damaged = fc
  .tuple(
    fc.constantFrom(...corpus.map(({ query }) => query)),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 3 }),
  )
  .map(([query, edits]) =>
    edits.reduce((text, [at, removed, added]) => {
      const position = text.length === 0 ? 0 : at % text.length;
      return text.slice(0, position) + added + text.slice(position + removed);
    }, query),
  );

test('no text makes it throw, and no tree makes the analysis throw', () => {
  fc.assert(
    fc.property(fc.oneof(damaged, fc.string({ unit: 'binary' }), fc.string()), (text) => {
      const { expr, problems } = parseLogQL(text);
      expect(problems.every(({ from, to }) => from >= 0 && from <= to && to <= text.length)).toBe(true);
      if (expr) {
        neverEvaluates(expr);
        outputLabels(expr);
        expect([...sources(expr)].every(({ selector }) => text[selector.from] === '{')).toBe(true);
      }
    }),
    { numRuns: 3000 },
  );
});
