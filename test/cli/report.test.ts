import type { Finding } from '../../lib/checks/findings';
import { formatFindings } from '../../lib/cli/report';

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
  test('text: one line a finding, as compilers write it, and a summary', () => {
    expect(formatFindings('text', FINDINGS.slice(1), TOTALS)).toBe(
      'r 1.yaml: warning: odd [empty-group]\nwarning: odd [empty-group]\n2 warnings in 1 file with 12 rules',
    );
    expect(formatFindings('text', [], TOTALS)).toBe('no problems in 1 file with 12 rules');
  });

  test('json: the findings as they are', () => {
    expect(JSON.parse(formatFindings('json', FINDINGS, TOTALS))).toEqual({ findings: FINDINGS });
  });

  test('github: workflow commands, escaped', () => {
    expect(formatFindings('github', FINDINGS, TOTALS).split('\n')).toEqual([
      "::error file=r 1.yaml,line=3,col=7,title=logql-syntax::alert 'A': 100 %25 wrong: see:%0Ahere",
      '::warning file=r 1.yaml,title=empty-group::odd',
      '::warning title=empty-group::odd',
      '1 error, 2 warnings in 1 file with 12 rules',
    ]);
  });

  test('sarif: what code scanning needs', () => {
    expect(JSON.parse(formatFindings('sarif', FINDINGS, TOTALS))).toMatchObject({
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
