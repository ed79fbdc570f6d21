import { statSync } from 'node:fs';
import { Command, Option } from 'commander';
import { globSync } from 'tinyglobby';
import { inFileOrder } from '../checks/findings';
import { checkApp, findApps } from '../lint/app';
import { CLEAN, FOUND } from '../lint/exit-codes';
import { terminalProgress } from '../lint/progress';
import { paintFor } from '../text/paint';
import { formatFindings } from './report';
import { printLine, type Shell } from './shell';

/** Formats that both findings and test results have. */
const FORMATS = ['text', 'github'] as const;

interface Flags {
  readonly format: (typeof FORMATS)[number];
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
      const tested = flags.tests ? await testRules(folders.length > 0 ? folders : ['.'], flags, shell) : CLEAN;
      shell.exitCode = Math.max(checked, tested);
    });
}

async function checkApps(configs: readonly string[], { format, strict }: Flags, shell: Shell): Promise<number> {
  const progress = terminalProgress(shell.stderr);
  const apps = [];
  for (const [index, config] of configs.entries()) {
    progress.report('synthesizing', index, configs.length);
    apps.push(await checkApp(config));
  }
  progress.end();
  for (const message of apps.flatMap(({ messages }) => messages)) printLine(shell.stderr, message);
  const findings = inFileOrder(apps.flatMap((app) => app.findings));
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const totals = { files: sum(apps.map(({ files }) => files)), rules: sum(apps.map(({ rules }) => rules)) };
  printLine(
    shell.stdout,
    formatFindings(format, findings, { totals, paint: paintFor(shell.stdout), columns: shell.stdout.columns }),
  );
  const failed = apps.some((app) => app.findings.some(({ severity }) => severity === 'error' || strict || app.strict));
  return failed ? FOUND : CLEAN;
}

async function testRules(folders: readonly string[], { format }: Flags, shell: Shell): Promise<number> {
  const tested = folders.filter(hasTests);
  if (tested.length === 0) {
    printLine(shell.stderr, 'no rule tests (*.test.yaml): write the first with loki-alerts test --init');
    return CLEAN;
  }
  // Loads the engines, which apps without tests do not need.
  const { runTests } = require('./test') as typeof import('./test');
  return runTests(tested, { format }, shell);
}

/** True for a test file, and for a folder that `loki-alerts test` finds tests in. */
function hasTests(path: string): boolean {
  if (!statSync(path).isDirectory()) return false;
  return globSync('**/*.test.{yaml,yml}', { cwd: path, ignore: ['**/node_modules/**'] }).length > 0;
}
