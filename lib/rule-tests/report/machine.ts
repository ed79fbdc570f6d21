import { type Finding, finding, formatFinding, formatMessage, type Place } from '../../checks/findings';
import { githubAnnotation } from '../../text/github';
import { plain } from '../../text/paint';
import type { RunResult, TestResult } from '../result';
import { checkText, checkTitle, failureText } from './text';

/** Returns the complete result as the value that is printed as JSON. */
export function toJson(result: RunResult, coverage?: readonly Finding[]) {
  const tests = result.tests.map(({ file, name, place, passed, ms, checks, errors, timelines }) => ({
    file,
    line: place?.line,
    name,
    status: passed ? 'passed' : 'failed',
    milliseconds: Math.round(ms),
    errors,
    checks: checks.map(({ kind, subject, evalTime, place: at, passed: ok, expected, got }) => ({
      kind,
      subject,
      eval_time: evalTime,
      line: at?.line,
      column: at?.column,
      passed: ok,
      expected,
      got,
    })),
    timelines: timelines.map((timeline) => ({
      ...timeline,
      series: timeline.series.map(({ labels, values }) => ({ labels, values: Object.fromEntries(values) })),
      histories: timeline.histories.map(({ labels, pending, firing }) => ({
        labels,
        pending: [...pending],
        firing: [...firing],
      })),
    })),
  }));
  const failed = tests.filter(({ status }) => status === 'failed').length;
  return {
    engines: result.versions,
    tests,
    findings: result.findings,
    summary: { tests: tests.length, failed, milliseconds: Math.round(result.ms) },
    coverage,
  };
}

/**
 * Returns JUnit XML with one suite per file.
 * @param coverage alerts without tests, which fail the run @default none
 */
export function toJunit({ tests, findings, ms }: RunResult, coverage: readonly Finding[] = []): string {
  const files = [...new Set(tests.map(({ file }) => file))];
  const suites = files.map((file) => {
    const own = tests.filter((test) => test.file === file);
    const cases = own.map((test) => {
      const open = `    <testcase classname="${xml(file)}" name="${xml(test.name)}" file="${xml(file)}" line="${test.place?.line ?? 1}" time="${(test.ms / 1000).toFixed(3)}"`;
      return test.passed
        ? `${open}/>`
        : `${open}>\n      <failure message="${xml(reason(test))}">${xml(failureText(test))}</failure>\n    </testcase>`;
    });
    return `  <testsuite name="${xml(file)}" tests="${own.length}" failures="${failures(own)}">\n${cases.join('\n')}\n  </testsuite>`;
  });
  suites.push(...suiteOf('input', 'error', findings), ...suiteOf('coverage', 'failure', coverage));
  const count = tests.length + findings.length + coverage.length;
  const failed = failures(tests) + coverage.length;
  const open = `<testsuites name="loki-alerts" tests="${count}" failures="${failed}" errors="${findings.length}" time="${(ms / 1000).toFixed(3)}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${open}\n${suites.join('\n')}\n</testsuites>`;
}

/** Returns a suite with one failed case per finding, or none without findings. */
function suiteOf(name: string, element: 'error' | 'failure', findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const cases = findings.map((found) => {
    const { file = '', line = 1 } = found.place ?? {};
    const open = `    <testcase classname="${name}" name="${xml(found.subject ?? file)}" file="${xml(file)}" line="${line}">`;
    return `${open}\n      <${element} message="${xml(formatMessage(found))}"/>\n    </testcase>`;
  });
  const counts = `failures="${element === 'failure' ? cases.length : 0}" errors="${element === 'error' ? cases.length : 0}"`;
  return [`  <testsuite name="${name}" tests="${cases.length}" ${counts}>\n${cases.join('\n')}\n  </testsuite>`];
}

/**
 * Returns the results in the Test Anything Protocol, version 14.
 * @param coverage alerts without tests, which fail the run @default none
 */
export function toTap({ tests, findings }: RunResult, coverage: readonly Finding[] = []): string {
  const lines = tests.flatMap((test, i) => {
    const title = `${i + 1} - ${test.file} › ${test.name}`.replace(/#/g, '\\#');
    if (test.passed) return [`ok ${title}`];
    return [
      `not ok ${title}`,
      '  ---',
      `  message: ${JSON.stringify(reason(test))}`,
      '  output: |',
      ...failureText(test)
        .split('\n')
        .map((line) => `  ${line}`),
      '  ...',
    ];
  });
  const others = [...findings, ...coverage].map((found, i) =>
    `not ok ${tests.length + i + 1} - ${formatFinding(found)}`.replace(/#/g, '\\#'),
  );
  return ['TAP version 14', `1..${tests.length + others.length}`, ...lines, ...others].join('\n');
}

/** Returns GitHub annotations for the failed expectations and errors, at their lines in the test files. */
export function toGithub({ tests }: RunResult): string[] {
  return tests.flatMap((test) =>
    failuresOf(test).map((failure) => githubAnnotation({ kind: 'error', title: test.name, ...failure })),
  );
}

/** Returns the failed expectations and errors as findings, at their lines in the test files. */
export function failedTests({ tests }: Pick<RunResult, 'tests'>): Finding[] {
  return tests.flatMap((test) =>
    failuresOf(test).map(({ message, place }) =>
      finding('rule-test-failed', { subject: `test '${test.name}'`, problem: message, place }),
    ),
  );
}

function failuresOf(test: TestResult): { readonly message: string; readonly place: Place }[] {
  const failed = test.checks.filter(({ passed }) => !passed);
  return [
    ...test.errors.map((message) => ({ message, place: test.place ?? { file: test.file } })),
    ...failed.map((check) => ({ message: checkText(test, check), place: check.place ?? { file: test.file } })),
  ];
}

/** Returns a finding as a GitHub annotation, which shows its place and severity itself. */
export function findingToGithub(found: Finding): string {
  return githubAnnotation({ kind: found.severity, title: found.id, message: formatMessage(found), place: found.place });
}

function reason({ checks, errors }: TestResult): string {
  return [
    ...errors,
    ...checks.filter(({ passed }) => !passed).map((check) => checkTitle({ ...check, place: undefined }, plain)),
  ].join('; ');
}

function failures(tests: readonly TestResult[]): number {
  return tests.filter(({ passed }) => !passed).length;
}

function xml(text: string): string {
  return (
    text
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      // XML 1.0 cannot represent control characters.
      .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
  );
}
