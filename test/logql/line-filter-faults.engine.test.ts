import { type LogResult, LokiClient, quickLokiConfig, type RunningEngine, startLoki } from '../../lib/engines';
import { simplified } from '../../lib/logql/line-filter-faults';
import { compileRegexp } from '../../lib/logql/regexp';
import fc from '../support/properties';

let loki: RunningEngine;
let client: LokiClient;

const WORDS = ['foo', 'fo', 'bar', 'b', 'ba', 'Foo', 'x.y'];

/** Lines of up to three words, joined or not. */
const LINES = [
  '-',
  ...WORDS,
  ...WORDS.flatMap((one) => WORDS.flatMap((two) => [`${one}${two}`, `${one} ${two}`])),
  ...WORDS.flatMap((one) =>
    WORDS.flatMap((two) => ['foo', 'b'].flatMap((three) => [`${one}${two}${three}`, `${one} ${two} ${three}`])),
  ),
];

beforeAll(async () => {
  loki = await startLoki(({ dir }) => quickLokiConfig({ dir }), { files: { 'rules/fake/none.yaml': 'groups: []\n' } });
  client = new LokiClient(loki.url);
  const now = BigInt(Date.now()) * 1_000_000n;
  await client.push([
    { labels: { app: 'x' }, entries: LINES.map((line, index) => [now + BigInt(index), line] as const) },
  ]);
});

afterAll(() => loki?.stop());

const regexps = fc.letrec<{ readonly sequence: string; readonly atom: string; readonly alternatives: string }>(
  (tie) => ({
    alternatives: fc.array(tie('sequence'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('|')),
    sequence: fc.array(tie('atom'), { maxLength: 4 }).map((parts) => parts.join('')),
    atom: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 6, arbitrary: fc.constantFrom('foo', 'fo', 'bar', 'b', 'ba', 'c', 'x\\.y') },
      { weight: 5, arbitrary: fc.constant('.*') },
      { weight: 1, arbitrary: fc.constantFrom('.+', '.', 'o*', 'o?', '[ab]', '\\w', '^', '$', '\\b', '.*?', '[b]') },
      { weight: 3, arbitrary: tie('alternatives').map((inner) => `(${inner})`) },
      { weight: 2, arbitrary: tie('alternatives').map((inner) => `(?:${inner})`) },
    ),
  }),
);

async function found(regexp: string): Promise<string[]> {
  const { result } = await client.queryRange(`{app="x"} |~ ${JSON.stringify(regexp)}`, {
    start: Date.now() / 1000 - 600,
    end: Date.now() / 1000 + 600,
    limit: 5000,
  });
  return (result as readonly LogResult[]).flatMap(({ values }) => values.map(([, line]) => line));
}

test('agrees with Loki on the lines that a regular expression finds', async () => {
  let wrong = 0;
  await fc.assert(
    fc.asyncProperty(regexps.alternatives, fc.constantFrom('', '(?i)', '(?s)'), async (alternatives, flags) => {
      const regexp = `${flags}${alternatives}`;
      const compiled = compileRegexp({ value: regexp });
      fc.pre('regexp' in compiled && regexp.length < 200);
      const matches = (line: string) => 'regexp' in compiled && compiled.regexp.matcher(line).find();
      const expected = LINES.filter(simplified(regexp)?.filter ?? matches);
      expect((await found(regexp)).sort()).toEqual([...expected].sort());
      if (expected.length !== LINES.filter(matches).length) wrong++;
    }),
    // One of several pairs of parentheses.
    { numRuns: 1500, examples: [['|foo(())', '']] },
  );
  // Enough of them are of the kind that Loki gets wrong.
  expect(wrong).toBeGreaterThan(50);
}, 300_000);
