import { finding } from '../../lib/checks/findings';
import { findingToGithub, toGithub, toJson, toJunit, toTap } from '../../lib/rule-tests/report/machine';
import { plot } from '../../lib/rule-tests/report/plot';
import { summaryLine, testLine } from '../../lib/rule-tests/report/text';
import type { ExpectationResult, RunResult, TestResult } from '../../lib/rule-tests/result';
import { plain } from '../../lib/text/paint';
import { imageVersion } from '../../lib/versions/images';

const base = { file: 'a.test.yaml', index: 0, ms: 1234, errors: [], timelines: [], alerts: new Map(), checks: [] };
const passed: TestResult = {
  ...base,
  name: 'passes',
  passed: true,
  place: { file: 'a.test.yaml', line: 3, column: 5 },
};
const failed: TestResult = {
  ...base,
  name: 'fails <&> 50%',
  passed: false,
  checks: [
    {
      kind: 'state',
      subject: 'Flood',
      evalTime: '5m',
      path: ['tests', 1, 'alert_rule_test', 0, 'exp_state'],
      place: { file: 'a.test.yaml', line: 9, column: 7 },
      passed: false,
      expected: 'firing',
      got: 'pending',
    },
  ],
};
const PROMTOOL = imageVersion('prometheus');
const run: RunResult = {
  tests: [passed, failed],
  findings: [],
  versions: { loki: '3.7.8', promtool: PROMTOOL, alertmanager: undefined },
  ms: 2500,
};

test('formats a test and the summary as text', () => {
  expect(testLine(passed, plain)).toBe('✓ a.test.yaml › passes (1.23 s)');
  expect(summaryLine(run, plain)).toBe(`1 failed, 1 passed in 2.50 s (loki 3.7.8, promtool ${PROMTOOL})`);
});

test('escapes names of tests in JUnit', () => {
  const xml = toJunit(run);
  expect(xml).toContain(
    '<testcase classname="a.test.yaml" name="fails &lt;&amp;&gt; 50%" file="a.test.yaml" line="1" time="1.234">',
  );
  expect(xml).toContain('<failure message="Flood: state at 5m">');
  expect(xml).toContain('tests="2" failures="1" errors="0" time="2.500"');
});

test('prints one TAP line per test', () => {
  expect(toTap(run).match(/^(ok|not ok|1\.\.).*/gm)).toEqual([
    '1..2',
    'ok 1 - a.test.yaml › passes',
    'not ok 2 - a.test.yaml › fails <&> 50%',
  ]);
});

test('prints a GitHub annotation per failed expectation, without repeating its place', () => {
  const second = {
    ...(failed.checks[0] as ExpectationResult),
    subject: 'Silence',
    place: { file: 'a.test.yaml', line: 12, column: 7 },
  };
  const annotations = toGithub({ ...run, tests: [passed, { ...failed, checks: [...failed.checks, second] }] });
  expect(annotations).toEqual([
    expect.stringMatching(/^::error file=a.test.yaml,line=9,col=7,title=fails <&> 50%25::Flood: state at 5m%0A/),
    expect.stringMatching(/^::error file=a.test.yaml,line=12,col=7,title=fails <&> 50%25::Silence: state at 5m%0A/),
  ]);
  for (const [i, annotation] of annotations.entries()) {
    const message = annotation.split('::').at(-1) ?? '';
    expect(message).not.toContain('a.test.yaml');
    expect(message.match(/state at 5m/g)).toHaveLength(1);
    expect(message).toContain(i === 0 ? 'Flood' : 'Silence');
    expect(message).toContain('- firing');
  }
});

test('prints a finding as a GitHub annotation, with the id as title and without repeating place and severity', () => {
  const found = finding('rule-test-format', {
    subject: "'tests[0].interval'",
    problem: 'must be longer than 0',
    fix: 'use 1m',
    place: { file: 'a.test.yaml', line: 3, column: 5 },
  });
  expect(findingToGithub(found)).toBe(
    "::error file=a.test.yaml,line=3,col=5,title=rule-test-format::'tests[0].interval': must be longer than 0: use 1m",
  );
});

test('prints expected and actual values and the versions of the engines as JSON', () => {
  expect(JSON.parse(JSON.stringify(toJson(run)))).toMatchObject({
    engines: { loki: '3.7.8' },
    tests: [{ status: 'passed' }, { status: 'failed', checks: [{ expected: 'firing', got: 'pending', line: 9 }] }],
    summary: { tests: 2, failed: 1 },
  });
});

test('fits a plot into 80 columns, regardless of the test time', () => {
  const values = new Map(Array.from({ length: 1000 }, (_, step) => [step, String(step % 100)]));
  const timeline = {
    alert: 'A',
    intervalMs: 60_000,
    lastStep: 999,
    threshold: { operator: '>', value: 50 },
    histories: [],
    marks: [{ step: 999, passed: true }],
  };
  const lines = plot({ ...timeline, series: [{ labels: { app: 'a' }, values }] }, plain);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(90);
  expect(lines.join('\n')).toContain('50 │');
  expect(plot({ ...timeline, series: [] }, plain)).toHaveLength(1);
});

const stopped: RunResult = {
  ...run,
  tests: [passed],
  findings: [
    finding('rule-test-format', {
      problem: "unknown field 'exp_alert'",
      fix: "did you mean 'exp_alerts'?",
      place: { file: 'b.test.yaml', line: 7, column: 44 },
    }),
  ],
};
const gap = finding('rule-test-coverage', {
  severity: 'error',
  subject: "alert 'Flood'",
  problem: 'no passing test in which it fires',
  place: { file: 'rules.yaml', line: 4, column: 9 },
});

test('JUnit contains files that could not be run as errors, and required coverage as failures', () => {
  const xml = toJunit(stopped, [gap]);
  expect(xml).toContain('tests="3" failures="1" errors="1"');
  expect(xml).toMatch(
    /<testsuite name="input" .*errors="1">\n.*file="b.test.yaml" line="7">\n.*<error message="unknown field/,
  );
  expect(xml).toMatch(
    /<testsuite name="coverage" .*failures="1" errors="0">\n.*name="alert 'Flood'" file="rules.yaml" line="4">/,
  );
});

test('TAP contains them as tests that are not ok', () => {
  expect(toTap(stopped, [gap])).toBe(`TAP version 14
1..3
ok 1 - a.test.yaml › passes
not ok 2 - b.test.yaml:7:44: error: unknown field 'exp_alert': did you mean 'exp_alerts'? [rule-test-format]
not ok 3 - rules.yaml:4:9: error: alert 'Flood': no passing test in which it fires [rule-test-coverage]`);
});

test('JSON contains them as findings', () => {
  expect(JSON.parse(JSON.stringify(toJson(stopped))).findings).toEqual([
    expect.objectContaining({ id: 'rule-test-format' }),
  ]);
});
