import { statSync } from 'node:fs';
import { Command, Option } from 'commander';
import { globSync } from 'tinyglobby';
import { type Finding, inFileOrder } from '../checks/findings';
import { checkApp, findApps } from '../lint/app';
import { CLEAN, FOUND } from '../lint/exit-codes';
import { terminalProgress } from '../lint/progress';
import { paintFor } from '../text/paint';
import { FORMATS, type Format, formatFindings, type Totals } from './report';
import { printLine, type Shell } from './shell';

interface Flags {
  readonly format: Format;
  readonly strict: boolean;
  readonly tests: boolean;
}

/** `loki-alerts verify [folders…]` */
export function verifyCommand(shell: Shell): Command {
  return new Command('verify')
    .description(
      'check cdk8s apps: compare the committed manifests with what each app writes, lint them, run rule tests',
    )
    .argument('[folders...]', 'folders with apps (default: the current folder, or the nearest app above it)')
    .addOption(new Option('--format <format>', 'output format').choices(FORMATS).default('text'))
    .option('--strict', 'fail on warnings too', false)
    .option('--no-tests', 'skip the rule tests, which need a real Loki')
    .addHelpText(
      'after',
      '\nEach app is run as in its cdk8s.yaml, but writes to a temporary folder.\n' +
        'Exit codes: 0 no errors (with --strict: no warnings either), 1 findings or failed tests, 2 could not run.',
    )
    .action(async (folders: string[], flags: Flags) => {
      const checked = await checkApps(findApps(folders), flags, shell);
      const tested = flags.tests ? testedPaths(folders.length > 0 ? folders : ['.'], shell) : [];
      const together = flags.format === 'json' || flags.format === 'sarif';
      const testCode = together
        ? await printTogether(checked, tested, flags, shell)
        : await printApart(checked, tested, flags, shell);
      shell.exitCode = Math.max(checked.failed ? FOUND : CLEAN, testCode);
    });
}

interface CheckedApps {
  readonly findings: readonly Finding[];
  readonly totals: Totals;
  readonly failed: boolean;
}

async function checkApps(configs: readonly string[], { strict }: Flags, shell: Shell): Promise<CheckedApps> {
  const progress = terminalProgress(shell.stderr);
  const apps = [];
  for (const [index, config] of configs.entries()) {
    progress.report('synthesizing', index, configs.length);
    apps.push(await checkApp(config));
  }
  progress.end();
  for (const message of apps.flatMap(({ messages }) => messages)) printLine(shell.stderr, message);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    findings: inFileOrder(apps.flatMap((app) => app.findings)),
    totals: { files: sum(apps.map(({ files }) => files)), rules: sum(apps.map(({ rules }) => rules)) },
    failed: apps.some((app) => app.findings.some(({ severity }) => severity === 'error' || strict || app.strict)),
  };
}

/** Prints the findings before the tests run, and each result at once. Returns the exit code of the tests. */
async function printApart(
  { findings, totals }: CheckedApps,
  tested: readonly string[],
  { format }: Flags,
  shell: Shell,
): Promise<number> {
  const { stdout } = shell;
  printLine(stdout, formatFindings(format, findings, { totals, paint: paintFor(stdout), columns: stdout.columns }));
  if (tested.length === 0) return CLEAN;
  // Loads the engines, which apps without tests do not need.
  const { runTests } = require('./test') as typeof import('./test');
  return runTests(tested, { format }, shell);
}

/** Prints findings and test results as one document. Returns the exit code of the tests. */
async function printTogether(
  { findings, totals }: CheckedApps,
  tested: readonly string[],
  { format }: Flags,
  shell: Shell,
): Promise<number> {
  const { testReport } = require('./verify-tests') as typeof import('./verify-tests');
  const tests = tested.length > 0 ? await testReport(tested, shell) : NO_TESTS;
  const all = [...findings, ...tests.findings];
  const report =
    format === 'json'
      ? JSON.stringify({ ...tests.fields, findings: all }, null, 2)
      : formatFindings(format, all, { totals });
  printLine(shell.stdout, report);
  return tests.exitCode;
}

const NO_TESTS = { findings: [], fields: {}, exitCode: CLEAN };

/** Returns the paths with tests. */
function testedPaths(paths: readonly string[], { stderr }: Shell): readonly string[] {
  const tested = paths.filter(hasTests);
  if (tested.length === 0)
    printLine(stderr, 'no rule tests (*.test.yaml): write the first with loki-alerts test --init');
  return tested;
}

/** True for a test file, and for a folder that `loki-alerts test` finds tests in. */
function hasTests(path: string): boolean {
  if (!statSync(path).isDirectory()) return false;
  return globSync('**/*.test.{yaml,yml}', { cwd: path, ignore: ['**/node_modules/**'] }).length > 0;
}
