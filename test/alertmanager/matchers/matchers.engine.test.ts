import { parseMatchers } from '../../../lib/alertmanager/matchers/matchers';
import { type Engine, findEngine } from '../../../lib/engines';
import fc from '../../support/properties';
import { refusals } from '../amtool';

/** Fixed samples, or `FUZZ_RUNS` random ones. */
const sampling = process.env.FUZZ_RUNS ? { numRuns: Number(process.env.FUZZ_RUNS) } : { numRuns: 300, seed: 1 };

let amtool: Engine;

beforeAll(async () => {
  amtool = await findEngine('amtool');
});

const text = (parts: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...parts), { maxLength }).map((all) => all.join(''));

const PARTS = [
  'a',
  'b',
  '1',
  ' ',
  '=',
  '!',
  '~',
  '=~',
  '"',
  '\\',
  ',',
  '{',
  '}',
  '|',
  '(',
  'é',
  "'",
  '\n',
  '\\n',
  '\\x',
  ':',
  '"x"',
  'a=b',
  'a="b"',
];
const PATTERN_PARTS = [
  'a',
  '-',
  '(',
  ')',
  '(?:',
  '(?i)',
  '(?P<n>',
  '(?<n>',
  '[',
  ']',
  '[^',
  '^',
  '$',
  '*',
  '+',
  '?',
  '{2}',
  '{2,',
  '{1001}',
  '}',
  '|',
  '.',
  '\\d',
  '\\',
  '\\b',
  '\\pL',
  '\\p{Greek}',
  '\\Q',
  '\\E',
  '\\z',
  '\\8',
  '[[:alpha:]]',
  '\\x{10FFFF}',
  'é',
];

/** Lines of matchers with different verdicts of amtool and this project. */
async function differences(lines: readonly string[]): Promise<object[]> {
  const configs = lines.map((line) =>
    JSON.stringify({ route: { receiver: 'r', routes: [{ matchers: [line] }] }, receivers: [{ name: 'r' }] }),
  );
  const refused = await refusals(amtool, configs);
  return lines.flatMap((line, index) => {
    const here = parseMatchers(line);
    return 'problem' in here === (refused[index] !== undefined) ? [] : [{ line, here, amtool: refused[index] }];
  });
}

test('agrees with amtool on any text', async () => {
  expect(await differences(fc.sample(text(PARTS, 8), sampling))).toEqual([]);
});

test('agrees with amtool on any regular expression', async () => {
  const lines = fc.sample(text(PATTERN_PARTS, 6), sampling).map((pattern) => `a=~${JSON.stringify(pattern)}`);
  expect(await differences(lines)).toEqual([]);
});
