import { formatMessage } from '../../lib/checks/findings';
import { BadInput } from '../../lib/rule-tests/bad-input';
import { parseTestFile } from '../../lib/rule-tests/read';

const read = (text: string) => parseTestFile(text, 'flood.test.yaml', '/rules');

/** Returns the problems of a file, without its name. */
function problems(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return error.findings.map((finding) => `${finding.place?.line}:${finding.place?.column} ${formatMessage(finding)}`);
  }
}

test('reads a test file with the place of every part', () => {
  const file = read(`
rule_files: [rules.yaml]
evaluation_interval: 15s
tests:
  - name: flood
    input_streams:
      - labels: '{app="web"}'
        lines:
          - a line
          - { at: 90s, line: another, structured_metadata: { trace: abc } }
          - { from: 2m, to: 5m, rate: 120/s, line: 'GET /{{n}}' }
    alert_rule_test:
      - { eval_time: 0, alertname: HighLogRate, exp_alerts: [] }
`);

  expect(file.content.tests[0]?.alert_rule_test?.[0]?.eval_time).toBe('0');
  expect(file.locate(['tests', 0, 'alert_rule_test', 0, 'alertname'])).toEqual({
    file: 'flood.test.yaml',
    line: 13,
    column: 36,
    offset: 355,
  });
});

test('reports all mistakes at once, with place and fix', () => {
  expect(
    problems(`rule_file: [a.yaml]
evaluation_interval: 1.5m
tests:
  - input_series: []
    input_streams:
      - labels: '{app=~"web"}'
        lines: [{ from: 0s, to: 1m, rate: fast, line: x }]
    alert_rule_test:
      - { alertname: A, exp_state: fire }
`),
  ).toEqual([
    "1:1 'rule_file': unknown field: use one of rule_files, tenant, evaluation_interval, alertmanager_config, tests; did you mean 'rule_files'?",
    `2:22 'evaluation_interval': "1.5m" is not a valid duration: use whole numbers with units, e.g. 90s or 1h30m`,
    '4:5 \'tests[0].input_series\': is not supported: use "input_streams" with labels and log lines',
    `6:17 'tests[0].input_streams[0].labels': "{app=~\\"web\\"}" matches 'app' with =~, but a label has one value: use app="value"`,
    `7:43 'tests[0].input_streams[0].lines[0].rate': "fast" is not a valid rate: use lines per second, minute or hour, e.g. 120/s, 30/m or 0.5/s`,
    "9:9 'tests[0].alert_rule_test[0].eval_time': is required: add it",
    `9:36 'tests[0].alert_rule_test[0].exp_state': "fire" must be 'pending', 'firing' or 'inactive'`,
  ]);
});

test.each([
  [
    'an empty file',
    '',
    /1:1 empty file: add "rule_files" and "tests", e\.g\. with `loki-alerts test --init rules\.yaml`/,
  ],
  [
    'only comments',
    '# nothing\n',
    /1:1 empty file: add "rule_files" and "tests", e\.g\. with `loki-alerts test --init rules\.yaml`/,
  ],
  ['no tests', 'tests: []', /must have at least one test/],
  [
    'invalid YAML',
    'tests: [',
    /1:9 invalid YAML: flow sequence in block collection must be sufficiently indented and end with a \]/,
  ],
  ['a duplicate key', 'tests: []\ntests: []', /2:1 invalid YAML: duplicate key "tests": remove one of the two/],
  ['a second document', 'tests: []\n---\ntests: []', /second YAML document/],
  ['a list', '- a', /1:1 expected a map: add "rule_files" and "tests"/],
  [
    'a time beyond the maximum range of a query',
    'tests: [{ alert_rule_test: [{ eval_time: 40d, alertname: A }] }]',
    /longer than 721h/,
  ],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f'].map((n, i) => `${n}: &${n} [${`*${'abcde'[i]},`.repeat(10)}]`).join('\n')}\ntests: [*f]`,
    /aliases expand to too many values: write the values out/,
  ],
])('rejects %s', (_name, text, message) => {
  expect(problems(text).join('\n')).toMatch(message);
});
