import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { CHECK_IDS, CHECKS } from '../../lib/checks';
import type { Finding } from '../../lib/checks/findings';
import { formatFindings } from '../../lib/cli/report';
import { sarifLog } from '../../lib/cli/sarif';

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
  test('text: one line per finding, in the format of compilers, and a summary', () => {
    expect(formatFindings('text', FINDINGS.slice(1), { totals: TOTALS })).toBe(
      'r 1.yaml: warning: odd [empty-group]\nwarning: odd [empty-group]\n2 warnings in 1 file with 12 rules',
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
