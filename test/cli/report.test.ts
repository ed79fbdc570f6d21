import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Ajv from 'ajv';
import { CHECK_IDS, CHECKS } from '../../lib/checks';
import type { Finding } from '../../lib/checks/findings';
import { formatFindings } from '../../lib/cli/report';
import { sarifLog } from '../../lib/cli/sarif';
import { paintFor } from '../../lib/text/paint';
import { tempFolder } from '../support/temp-folder';

const FINDINGS: Finding[] = [
  {
    id: 'logql-syntax',
    severity: 'error',
    subject: "alert 'A'",
    path: ['groups', 0, 'rules', 0, 'expr'],
    problem: '100 % wrong',
    fix: 'see:\nhere',
    place: { file: 'r 1.yaml', line: 3, column: 7, offset: 30 },
  },
  { id: 'empty-group', severity: 'warning', path: [], problem: 'odd', place: { file: 'r 1.yaml' } },
  { id: 'empty-group', severity: 'warning', path: [], problem: 'odd' },
];
const TOTALS = { files: 1, rules: 12 };

describe('formatFindings', () => {
  test('text: one line per finding, in the format of compilers, and a summary by file', () => {
    expect(formatFindings('text', FINDINGS.slice(1), { totals: TOTALS })).toBe(
      [
        'r 1.yaml: warning: odd [empty-group]',
        'warning: odd [empty-group]',
        '',
        'r 1.yaml   1 warning',
        '(no file)  1 warning',
        '2 warnings in 1 file with 12 rules',
      ].join('\n'),
    );
    expect(formatFindings('text', [], { totals: TOTALS })).toBe('no problems in 1 file with 12 rules');
  });

  test('json: the findings as data', () => {
    expect(JSON.parse(formatFindings('json', FINDINGS, { totals: TOTALS }))).toEqual({ findings: FINDINGS });
  });

  test('github: escaped workflow commands', () => {
    expect(formatFindings('github', FINDINGS, { totals: TOTALS }).split('\n')).toEqual([
      "::error file=r 1.yaml,line=3,col=7,title=logql-syntax::alert 'A': 100 %25 wrong: see:%0Ahere",
      '::warning file=r 1.yaml,title=empty-group::odd',
      '::warning title=empty-group::odd',
      '1 error, 2 warnings in 1 file with 12 rules',
    ]);
  });

  test('sarif: rules, results and locations for code scanning', () => {
    expect(JSON.parse(formatFindings('sarif', FINDINGS, { totals: TOTALS }))).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'loki-alerts',
              rules: [
                {
                  id: 'empty-group',
                  shortDescription: { text: 'group without rules' },
                  help: { markdown: expect.stringMatching(/^# empty-group\n/) },
                  defaultConfiguration: { level: 'warning' },
                },
                { id: 'logql-syntax' },
              ],
            },
          },
          results: [
            {
              ruleId: 'logql-syntax',
              ruleIndex: 1,
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'r%201.yaml' },
                    region: { startLine: 3, startColumn: 7 },
                  },
                },
              ],
            },
            { ruleIndex: 0, locations: [{ physicalLocation: { artifactLocation: { uri: 'r%201.yaml' } } }] },
            { level: 'warning' },
          ],
        },
      ],
    });
  });
});

describe('sarif', () => {
  const waived = { ...FINDINGS[1], waived: 'it is a template' } as Finding;
  const resultsOf = (findings: readonly Finding[]) =>
    (sarifLog(findings) as { runs: { results: { partialFingerprints: object; suppressions?: object[] }[] }[] }).runs[0]
      ?.results ?? [];

  test('is valid by the schema of SARIF 2.1.0, with every check and kind of finding', () => {
    const validate = sarifValidator();
    const each = CHECK_IDS.map((id): Finding => ({ ...FINDINGS[0], id, severity: CHECKS[id].severity }) as Finding);
    const note = { ...FINDINGS[2], severity: 'note' } as never;
    for (const site of [undefined, 'https://alerts.example.com/#readme']) {
      validate(sarifLog([...FINDINGS, ...each, waived, note], site));
      expect(validate.errors).toBeNull();
    }
    validate(sarifLog([]));
    expect(validate.errors).toBeNull();
    expect(validate({ version: '2.1.0' })).toBe(false);
    expect(validate({ version: '2.1.0', runs: [{ tool: { driver: {} } }] })).toBe(false);
  });

  test('links rules to the published docs', () => {
    expect(sarifLog(FINDINGS, 'https://alerts.example.com/#readme')).toMatchObject({
      runs: [
        { tool: { driver: { rules: [{ helpUri: 'https://alerts.example.com/docs/checks/empty-group.md' }, {}] } } },
      ],
    });
  });

  test('keeps the fingerprint of a finding on another line, and gives equal findings different ones', () => {
    const [first] = FINDINGS as [Finding];
    const moved = { ...first, path: [], place: { file: 'r 1.yaml', line: 9, column: 1 } };
    const [a, b, c, other] = resultsOf([first]).concat(
      resultsOf([moved, first]),
      resultsOf([{ ...first, subject: "alert 'B'" }]),
    );
    expect(a?.partialFingerprints).toEqual(b?.partialFingerprints);
    expect(a?.partialFingerprints).not.toEqual(c?.partialFingerprints);
    expect(a?.partialFingerprints).not.toEqual(other?.partialFingerprints);
  });

  test('suppresses waived findings, with the reason', () => {
    expect(resultsOf([waived, ...FINDINGS]).map(({ suppressions }) => suppressions)).toEqual([
      [{ kind: 'inSource', status: 'accepted', justification: 'it is a template' }],
      ...FINDINGS.map(() => undefined),
    ]);
  });
});

/** Validator for https://www.schemastore.org/sarif-2.1.0-rtm.5.json, in draft 4, whose `id` is `$id` in Ajv. */
function sarifValidator() {
  const {
    $schema: _,
    id: __,
    ...schema
  } = JSON.parse(readFileSync(join(__dirname, 'sarif-2.1.0.schema.json'), 'utf8'));
  return new Ajv({
    strict: false,
    unicodeRegExp: false,
    formats: { uri: (text: string) => URL.canParse(text), 'uri-reference': true, 'date-time': true },
  }).compile(schema);
}

describe('text', () => {
  const folder = tempFolder();
  const at = (file: string, line: number, column: number, id: Finding['id'] = 'logql-syntax'): Finding => ({
    ...(FINDINGS[0] as Finding),
    id,
    subject: undefined,
    problem: 'wrong',
    fix: undefined,
    place: { file, line, column },
  });
  const excerptOf = (text: string, line: number, column: number, id?: Finding['id']) => {
    const report = formatFindings('text', [at(folder.write('a.yaml', text), line, column, id)], { totals: TOTALS });
    return report.split('\n').slice(1, -1);
  };

  test('shows the line of a finding, and a caret under its column', () => {
    expect(excerptOf('a: 1\r\nb: x\r\n', 2, 4)).toEqual(['  2 | b: x', '    |    ^']);
    expect(excerptOf('\ta: 1', 1, 2)).toEqual(['  1 |  a: 1', '    |  ^']);
    expect(excerptOf('\ufeffa: 1', 1, 1)).toEqual(['  1 | a: 1', '    | ^']);
    expect(excerptOf('日本: 😀x', 1, 7)).toEqual(['  1 | 日本: 😀x', '    |         ^']);
  });

  test('shows the part of a long line around the column', () => {
    const [line = '', caret = ''] = excerptOf(`${'a'.repeat(5000)}X${'b'.repeat(5000)}`, 1, 5001);
    expect(line).toMatch(/^ {2}1 \| …a+Xb+…$/);
    expect([line.length, line.indexOf('X')]).toEqual([120, caret.indexOf('^')]);
    const [end = '', endCaret = ''] = excerptOf(`${'a'.repeat(5000)}X`, 1, 5001);
    expect([end.endsWith('aX'), end.indexOf('X')]).toEqual([true, endCaret.indexOf('^')]);
  });

  test.each([
    ['a finding on a credential', 'url: https://example.com/x', 'inline-secret'],
    ['a webhook', 'api_url: https://hooks.slack.com/services/T0/B0/abcdefgh12345678', undefined],
    ['a password', 'auth_password: hunter22', undefined],
    ['a value of a Secret', '  key: aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ=', undefined],
  ] as const)('does not show the line of %s', (_, text, id) => {
    expect(excerptOf(text, 1, 3, id)).toEqual([]);
  });

  test('does not show a line that does not exist any more', () => {
    expect(excerptOf('a: 1', 7, 1)).toEqual([]);
    expect(formatFindings('text', [at('missing.yaml', 1, 1)], { totals: TOTALS })).toMatch(/^.*\n1 error/);
  });

  test('shows at most 1,000 findings, errors first', () => {
    const warnings = Array.from({ length: 2000 }, (): Finding => ({ ...at('a', 1, 1), severity: 'warning' }));
    const lines = formatFindings('text', [...warnings, at('a', 1, 1)], { totals: TOTALS }).split('\n');
    expect([lines.length, lines.at(-3)]).toEqual([1002, 'a:1:1: error: wrong [logql-syntax]']);
    expect(lines.slice(-2)).toEqual([
      '… and 1001 more findings: --format json lists all',
      '1 error, 2000 warnings in 1 file with 12 rules',
    ]);
  });

  test('with quiet: one line per finding, and nothing if there is none', () => {
    expect(formatFindings('text', [at('a', 1, 1)], { totals: TOTALS, quiet: true })).toBe(
      'a:1:1: error: wrong [logql-syntax]',
    );
    expect(formatFindings('text', [], { totals: TOTALS, quiet: true })).toBe('');
  });

  test('has colors only if they are wanted', () => {
    const colored = formatFindings('text', [at('a', 1, 1)], { totals: TOTALS, paint: paintFor({ isTTY: true }, {}) });
    expect(colored).toContain('\x1b[31merror\x1b[39m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the start of a color.
    expect(formatFindings('text', [at('a', 1, 1)], { totals: TOTALS })).not.toMatch(/\x1b/);
  });
});

test.each([
  ['a terminal', true, {}, true],
  ['a file', false, {}, false],
  ['NO_COLOR', true, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', true, { NO_COLOR: '' }, true],
  ['FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR and NO_COLOR', false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
  ['a terminal without colors', true, { TERM: 'dumb' }, false],
])('colors for %s', (_, isTTY, env, expected) => {
  expect(paintFor({ isTTY }, env)('red', 'x') !== 'x').toBe(expected);
});

test('sarif: paths are relative to the repository, also from a folder in it', () => {
  const before = process.cwd();
  try {
    process.chdir(join(__dirname, '../../docs'));
    const { runs } = JSON.parse(formatFindings('sarif', FINDINGS.slice(0, 1), { totals: TOTALS })) as {
      runs: { originalUriBaseIds: object; results: { locations: { physicalLocation: object }[] }[] }[];
    };
    expect(runs[0]?.originalUriBaseIds).toEqual({
      '%SRCROOT%': { uri: `${pathToFileURL(join(__dirname, '../..'))}/` },
    });
    expect(runs[0]?.results[0]?.locations[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: 'docs/r%201.yaml', uriBaseId: '%SRCROOT%' },
    });
  } finally {
    process.chdir(before);
  }
});
