import { type Finding, formatMessage } from '../../checks/findings';
import { githubAnnotation } from '../../text/github';
import { plain } from '../../text/paint';
import type { RunResult, TestResult } from '../result';
import { checkText, checkTitle, failureText } from './text';

/** Returns the complete result as JSON. */
export function toJson(result: RunResult, coverage?: readonly Finding[]): string {
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
  return JSON.stringify(
    {
      engines: result.versions,
      tests,
      summary: { tests: tests.length, failed, milliseconds: Math.round(result.ms) },
      coverage,
    },
    null,
    2,
  );
}

/** Returns JUnit XML with one suite per file. */
export function toJunit({ tests, ms }: RunResult): string {
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
  const open = `<testsuites name="loki-alerts" tests="${tests.length}" failures="${failures(tests)}" time="${(ms / 1000).toFixed(3)}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${open}\n${suites.join('\n')}\n</testsuites>`;
}

/** Returns the results in the Test Anything Protocol, version 14. */
export function toTap({ tests }: RunResult): string {
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
  return ['TAP version 14', `1..${tests.length}`, ...lines].join('\n');
}

/** Returns GitHub annotations for the failed expectations and errors, at their lines in the test files. */
export function toGithub({ tests }: RunResult): string[] {
  return tests.flatMap((test) => {
    const failed = test.checks.filter(({ passed }) => !passed);
    const messages = [
      ...test.errors.map((error) => ({ place: test.place, message: error })),
      ...failed.map((check) => ({ place: check.place, message: checkText(test, check) })),
    ];
    return messages.map(({ place = { file: test.file }, message }) =>
      githubAnnotation({ kind: 'error', title: test.name, message, place }),
    );
  });
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
