import { formatFindings } from '../../lib/cli/report';
import type { Finding } from '../../lib/findings';

const FINDINGS: Finding[] = [
  {
    id: 'a-check',
    severity: 'error',
    subject: "alert 'A'",
    message: '100 % wrong,\nsee: here',
    file: 'r 1.yaml',
    line: 3,
    column: 7,
  },
  { id: 'b-check', severity: 'warning', message: 'odd', file: 'r 1.yaml' },
  { id: 'b-check', severity: 'warning', message: 'odd' },
];
const TOTALS = { files: 1, rules: 12 };

describe('formatFindings', () => {
  test('text: one line a finding, as compilers write it, and a summary', () => {
    expect(formatFindings('text', FINDINGS.slice(1), TOTALS)).toBe(
      'r 1.yaml: warning: odd [b-check]\nwarning: odd [b-check]\n2 warnings in 1 file with 12 rules',
    );
    expect(formatFindings('text', [], TOTALS)).toBe('nothing wrong in 1 file with 12 rules');
  });

  test('json: the findings as they are', () => {
    expect(JSON.parse(formatFindings('json', FINDINGS, TOTALS))).toEqual({ findings: FINDINGS });
  });

  test('github: workflow commands, escaped', () => {
    expect(formatFindings('github', FINDINGS, TOTALS).split('\n')).toEqual([
      "::error file=r 1.yaml,line=3,col=7,title=a-check::alert 'A': 100 %25 wrong,%0Asee: here",
      '::warning file=r 1.yaml,title=b-check::odd',
      '::warning title=b-check::odd',
      '1 error, 2 warnings in 1 file with 12 rules',
    ]);
  });

  test('sarif: what code scanning needs', () => {
    expect(JSON.parse(formatFindings('sarif', FINDINGS, TOTALS))).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'loki-alerts', rules: [{ id: 'a-check' }, { id: 'b-check' }] } },
          results: [
            {
              ruleId: 'a-check',
              ruleIndex: 0,
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
            { ruleIndex: 1, locations: [{ physicalLocation: { artifactLocation: { uri: 'r%201.yaml' } } }] },
            { level: 'warning' },
          ],
        },
      ],
    });
  });
});
