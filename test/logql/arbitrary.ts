import fc, { anyCharacter } from '../support/properties';
import corpus from './corpus.json';

const TOKEN = /"(?:[^"\\]|\\.)*"|`[^`]*`|\[[^\]]*\]|\w+|[|!=<>~]+|\s+|./gs;

/** Pieces that are valid somewhere in LogQL, and a few that are valid nowhere. */
const PIECES = [
  ...[
    '{',
    '}',
    '(',
    ')',
    ',',
    '|',
    '|=',
    '!=',
    '=~',
    '!~',
    '|~',
    '|>',
    '!>',
    '=',
    '==',
    '>',
    '>=',
    '<',
    '-',
    '+',
    '^',
    '%',
  ],
  ...[' or ', ' and ', ' unless ', ' by (a) ', ' without (a) ', ' on (a) ', ' group_left ', ' bool ', ' offset 5m '],
  ...['| json ', '| logfmt ', '| unwrap a ', '| a="b" ', '| a > 5 ', '| drop a ', '| keep a, b="c" ', '| decolorize '],
  ...['| label_format a=b ', '| line_format "x" ', '| pattern "<a> <_>" ', '| regexp "(?P<a>x)" ', '| unpack '],
  ...['sum', 'topk', 'sort', 'rate', 'count_over_time', 'sum_over_time', 'quantile_over_time', 'absent_over_time'],
  ...['vector(1)', 'label_replace', 'variants', ' of ', 'ip("10.0.0.1")', 'bytes', 'duration', 'foo', '__error__'],
  ...['0', '5', '-5', '1.5', '1e3', '0x10', '0b1', '1_000', '5m', '1h30m', '5KB', '[5m]', '[1.5m]', '[0]', '--strict'],
  ...[
    '"a"',
    '""',
    '".*"',
    '".+"',
    '"("',
    '"a|b"',
    '`x`',
    '"\\xff"',
    "'a'",
    '# c\n',
    '// c\n',
    '/* c */',
    '#',
    'é',
    '@',
    '.',
  ],
];

interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly added: string;
}

const edits = (added: fc.Arbitrary<string>): fc.Arbitrary<Edit[]> =>
  fc.array(fc.record({ at: fc.nat(), removed: fc.nat(2), added }), { minLength: 1, maxLength: 3 });

function edited(parts: readonly string[], changes: readonly Edit[]): string {
  const result = [...parts];
  for (const { at, removed, added } of changes) result.splice(at % (result.length + 1), removed, added);
  return result.join('');
}

const query = fc.constantFrom(...corpus.map((entry) => entry.query));

/** A query of the corpus with up to three edits of tokens or characters. */
export const damagedQuery: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(query, edits(fc.constantFrom('', ...PIECES)))
    .map(([text, changes]) => edited(text.match(TOKEN) ?? [], changes)),
  fc
    .tuple(query, edits(fc.string({ unit: anyCharacter, maxLength: 2 })))
    .map(([text, changes]) => edited([...text], changes)),
);
