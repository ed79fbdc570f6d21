import { neverEvaluates, outputLabels, parseLogQL, sources } from '../../lib/logql';
import fc, { anyCharacter, runs } from '../support/properties';
import { damagedQuery } from './arbitrary';

test('neither the parser nor the analysis of its trees throws', () => {
  fc.assert(
    fc.property(fc.oneof(damagedQuery, fc.string({ unit: anyCharacter }), fc.string()), (text) => {
      const { expr, problems } = parseLogQL(text);
      expect(problems.every(({ from, to }) => from >= 0 && from <= to && to <= text.length)).toBe(true);
      if (expr) {
        neverEvaluates(expr);
        outputLabels(expr);
        expect([...sources(expr)].every(({ selector }) => text[selector.from] === '{')).toBe(true);
      }
    }),
    { numRuns: runs(3000) },
  );
});
