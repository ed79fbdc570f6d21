import { diffLines } from 'diff';
import { stringify } from 'yaml';
import type { ExpectationResult, RunResult, TestResult } from '../result';
import { type Paint, plain } from './paint';
import { plot } from './plot';

/** A test in one line: verdict, file, name, time. */
export function testLine(result: TestResult, paint: Paint): string {
  const sign = result.passed ? paint('green', '✓') : paint('red', '✗');
  return `${sign} ${result.file} › ${result.name} ${paint('dim', `(${seconds(result.ms)})`)}`;
}

/** Why a test failed: errors, differences, and the expression over test time. */
export function failureText(result: TestResult, paint: Paint = plain): string {
  const blocks = [
    ...result.errors.map((error) => [paint('red', error)]),
    ...result.checks
      .filter(({ passed }) => !passed)
      .map((check) => [checkTitle(check, paint), ...difference(check, paint)]),
    ...result.timelines.map((timeline) => ['', ...plot(timeline, paint)]),
  ];
  return blocks.map((lines) => lines.map((line) => `    ${line}`.trimEnd()).join('\n')).join('\n');
}

/** The last lines of a run. */
export function summaryLine({ tests, versions, ms }: RunResult, paint: Paint): string {
  const failed = tests.filter(({ passed }) => !passed).length;
  const counts =
    failed > 0
      ? paint('red', `${failed} of ${tests.length} tests failed`)
      : paint('green', `${tests.length} ${tests.length === 1 ? 'test' : 'tests'} passed`);
  const engines = Object.entries(versions).flatMap(([name, version]) => (version ? `${name} ${version}` : []));
  return `${counts} in ${seconds(ms)}, judged by ${engines.join(', ')}`;
}

const WHAT: Readonly<Record<ExpectationResult['kind'], string>> = {
  alerts: 'firing alerts',
  state: 'state',
  samples: 'samples',
  logs: 'lines',
  notifications: 'messages',
};

/** `HighLogRate: firing alerts at 5m (rules/flood.test.yaml:12:9)` */
export function checkTitle({ kind, subject, evalTime, place }: ExpectationResult, paint: Paint): string {
  const where = place ? paint('dim', ` (${place.file}:${place.line}:${place.column})`) : '';
  return `${subject ? `${paint('bold', subject)}: ` : ''}${WHAT[kind]} at ${evalTime}${where}`;
}

/** Expected and got as YAML, line by line. */
function difference({ expected, got }: ExpectationResult, paint: Paint): string[] {
  const legend = `${paint('red', '- expected')}  ${paint('green', '+ got')}`;
  const lines = diffLines(toYaml(expected), toYaml(got)).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => (added ? paint('green', `+ ${line}`) : removed ? paint('red', `- ${line}`) : `  ${line}`)),
  );
  return [`  ${legend}`, ...lines.map((line) => `  ${line}`)];
}

function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
