import { diffLines } from 'diff';
import { stringify } from 'yaml';
import { type Paint, plain } from '../../text/paint';
import type { ExpectationResult, RunResult, TestResult } from '../result';
import { plot } from './plot';

/** Formats a test as one line: result, file, name, duration. */
export function testLine(result: TestResult, paint: Paint): string {
  const sign = result.passed ? paint('green', '✓') : paint('red', '✗');
  return `${sign} ${result.file} › ${result.name} ${paint('dim', `(${seconds(result.ms)})`)}`;
}

/** Formats the reasons of a failure: errors, differences, and plots of the expressions. */
export function failureText(result: TestResult, paint: Paint = plain): string {
  return indented([
    ...result.errors.map((error) => paint('red', error)),
    ...result.checks
      .filter(({ passed }) => !passed)
      .flatMap((check) => [checkTitle(check, paint), ...difference(check, paint)]),
    ...result.timelines.flatMap((timeline) => ['', ...plot(timeline, paint)]),
  ]);
}

/** Formats one failed expectation, without its place: its title, the difference, and the plot of its alert. */
export function checkText({ timelines }: TestResult, check: ExpectationResult): string {
  const own = timelines.filter(({ alert }) => alert === check.subject);
  return [
    checkTitle({ ...check, place: undefined }, plain),
    indented([...difference(check, plain), ...own.flatMap((timeline) => ['', ...plot(timeline, plain)])]),
  ].join('\n');
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`.trimEnd()).join('\n');
}

/** Formats the summary of a run. */
export function summaryLine({ tests, versions, ms }: RunResult, paint: Paint): string {
  const failed = tests.filter(({ passed }) => !passed).length;
  const counts =
    failed > 0
      ? paint('red', `${failed} failed, ${tests.length - failed} passed`)
      : paint('green', `${tests.length} ${tests.length === 1 ? 'test' : 'tests'} passed`);
  const engines = Object.entries(versions).flatMap(([name, version]) => (version ? `${name} ${version}` : []));
  return `${counts} in ${seconds(ms)} (${engines.join(', ')})`;
}

const KIND_NAMES: Readonly<Record<ExpectationResult['kind'], string>> = {
  alerts: 'firing alerts',
  state: 'state',
  samples: 'samples',
  logs: 'lines',
  notifications: 'messages',
};

/** `HighLogRate: firing alerts at 5m (rules/flood.test.yaml:12:9)` */
export function checkTitle({ kind, subject, evalTime, place }: ExpectationResult, paint: Paint): string {
  const location = place ? paint('dim', ` (${place.file}:${place.line}:${place.column})`) : '';
  return `${subject ? `${paint('bold', subject)}: ` : ''}${KIND_NAMES[kind]} at ${evalTime}${location}`;
}

/** Formats the difference of expected and actual YAML, line by line. */
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
