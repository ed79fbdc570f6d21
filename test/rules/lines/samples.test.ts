import { parseLogQL } from '../../../lib/logql';
import { checkRuleFiles } from '../../../lib/rules/check-rules';
import { type SamplesProps, samples } from '../../../lib/rules/lines/samples';

const ERRORS = '{namespace="{{ $labels.namespace }}", app="{{ $labels.app }}"} |= "100% error"';

/** Returns the queries in an annotation, with a value for each label. */
function queriesIn(text: string): string[] {
  return [...text.matchAll(/query \(printf `([^`]*)`/g)].map(([, format = '']) =>
    format.replaceAll('%q', '"x"').replaceAll('%%', '%'),
  );
}

test('a rule with the annotation is valid, and so are its queries', () => {
  const expr = 'sum by (namespace, app) (count_over_time({app=~"a|b"} |= "error" [5m])) > 10';
  const rule = {
    alert: 'Errors',
    expr,
    labels: { severity: 'warning' },
    annotations: { samples: samples({ query: ERRORS }) },
  };
  const queries = queriesIn(rule.annotations.samples);

  expect(checkRuleFiles([{ name: 'a.yaml', groups: [{ name: 'a', rules: [rule] }] }])).toEqual([]);
  expect(queries).toHaveLength(3);
  for (const query of queries) expect(parseLogQL(query)).toMatchObject({ problems: [], expr: expect.anything() });
});

test('the number of lines is asked for first, over a sixtieth of the range', () => {
  const [count, flood, all] = queriesIn(samples({ query: ERRORS, range: '10m', top: 5 }));

  expect(count).toBe(
    'sum(count_over_time({namespace="x", app="x"} |= "100% error" | __error__="" [10s] offset 10s)) > 30',
  );
  expect(flood).toMatch(/^sort_desc\(topk\(5, .* \[10s\] offset 10s\)\)\)\)$/);
  expect(all).toMatch(/^sort_desc\(topk\(5, .* \[10m\]\)\)\)\)$/);
});

test.each<[Partial<SamplesProps>, string, boolean]>([
  [{}, '[0-9]', true],
  [{ fold: false }, '\\"#\\"', false],
  [{}, '<email>', true],
  [{}, '<secret>', true],
  [{ redact: false }, '<email>', false],
  [{ redact: false }, '<secret>', false],
  [{ redact: ['customer \\d+'] }, '<secret>', true],
  [{ redact: ['customer \\d+'] }, '| reReplaceAll `customer \\d+` "<redacted>"', true],
  [{ redact: ['`'] }, '| reReplaceAll "`" "<redacted>"', true],
  [{ cut: 50 }, '%%.50s', true],
])('%j: %j is in the annotation: %j', (options, part, expected) => {
  expect(samples({ query: ERRORS, ...options }).includes(part)).toBe(expected);
});

test.each(['x*', '^', '$', '\\b', '\\B', '(a|)', '(?:)'])(
  'rejects %j, which matches without a character',
  (pattern) => {
    expect(() => samples({ query: ERRORS, redact: [pattern] })).toThrow('matches an empty text');
  },
);

test('all invalid options are reported at once', () => {
  const props = { query: 'rate({app="a"}[1m])', range: '2h', top: 11, cut: 0, redact: ['(', 'x*'], nope: 1 };

  expect(() => samples(props as SamplesProps)).toThrow(
    [
      'Validation failed with the following errors:',
      "  samples: option 'top': 11 is not a whole number from 1 to 10: use one",
      "  samples: option 'cut': 0 is not a whole number from 20 to 1000: use one",
      '  samples: option \'redact.0\': "(" is not a valid regular expression: missing closing ): `(`: correct it',
      '  samples: option \'redact.1\': "x*" matches an empty text: use an expression that matches at least a character',
      '  samples: option \'query\': expected a log query, got a metric query: use a stream selector and stages, as in {app="shop"} |= "error"',
      '  samples: option \'range\': "2h" is longer than 1h: lines are read at each evaluation while the alert is active',
      "  samples: option 'nope': is not an option: use one of top, fold, cut, redact, query, range; did you mean 'top'?",
    ].join('\n'),
  );
  expect(() => samples({ query: ERRORS, range: '0.5s' })).toThrow('"0.5s" is not a valid duration');
  expect(() => samples({ query: ERRORS, range: '100ms' })).toThrow('"100ms" is shorter than 1s');
});
