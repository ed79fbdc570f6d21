import { parseMatchers } from '../../../lib/alertmanager/matchers/matchers';
import { type Engine, findEngine } from '../../../lib/engines';
import fc from '../../support/properties';
import { refusals } from '../amtool';

/** The same every time, or as many new ones as `FUZZ_RUNS` says. */
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

/** Where amtool and this project differ on lines of matchers. */
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

test('any text is a matcher or none, as amtool says', async () => {
  expect(await differences(fc.sample(text(PARTS, 8), sampling))).toEqual([]);
});

test('any pattern is a regular expression or none, as amtool says', async () => {
  const lines = fc.sample(text(PATTERN_PARTS, 6), sampling).map((pattern) => `a=~${JSON.stringify(pattern)}`);
  expect(await differences(lines)).toEqual([]);
});
