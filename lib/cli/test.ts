import { watch } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Finding, finding, formatFinding, inFileOrder } from '../checks/findings';
import { findLocalEngine } from '../engines/find';
import { UsageError } from '../lint/exit-codes';
import { appWriting, staleManifests } from '../lint/synthesized';
import { BadInput } from '../rule-tests/bad-input';
import { uncovered } from '../rule-tests/coverage';
import { discover } from '../rule-tests/discover';
import { initTestFile } from '../rule-tests/init';
import { TestLoki } from '../rule-tests/loki';
import { type PlannedFile, planFile } from '../rule-tests/plan';
import { readTestFile } from '../rule-tests/read';
import { failedTests, findingToGithub, toGithub, toJson, toJunit, toTap } from '../rule-tests/report/machine';
import { failureText, summaryLine, testLine } from '../rule-tests/report/text';
import type { RunResult } from '../rule-tests/result';
import { RuleTester } from '../rule-tests/run';
import { updateFiles } from '../rule-tests/update';
import { type Paint, paintFor } from '../text/paint';
import { sarifLog } from './sarif';
import { type OutputStream, printLine, type Shell } from './shell';

/** Output formats: for people, programs, CI services, code scanning, and GitHub pull requests. */
const FORMATS = ['text', 'json', 'junit', 'tap', 'sarif', 'github'] as const;

/** Options of `loki-alerts test`. */
export interface TestOptions {
  readonly format: (typeof FORMATS)[number];
  readonly filter?: RegExp;
  readonly jobs?: number;
  readonly watch?: true;
  readonly update?: true;
  readonly coverage?: true;
  readonly requireCoverage?: true;
  readonly init?: string;
  /** False to fail instead of building or downloading an engine. @default true */
  readonly build?: boolean;
}

/** `loki-alerts test`: exit code 0 if all tests passed, 1 if one failed, 2 if they could not be run. */
export function testCommand(shell: Shell): Command {
  return new Command('test')
    .description('run unit tests of LogQL rules on a real Loki, promtool and Alertmanager')
    .argument('[paths...]', 'test files, or folders with *.test.yaml (default: the current folder)')
    .addOption(new Option('--format <format>', 'output format').choices(FORMATS).default('text'))
    .option('--filter <regexp>', 'run only tests whose file or name matches', toRegExp)
    .option('--jobs <number>', 'number of concurrent tests (default: number of processors)', toJobs)
    .option('--watch', 'rerun the tests when a file changes')
    .option('--update', 'write the actual results into the test files, after showing them')
    .option('--coverage', 'list alerts without a test that sees them fire, or one that sees them stay silent')
    .option('--require-coverage', 'fail if there are such alerts')
    .option('--init <rules>', 'write a first test file for the alerts of a rule file')
    .option('--no-build', 'fail if an engine is not on this machine, instead of building or downloading it')
    .addHelpText(
      'after',
      '\nExit codes: 0 all passed, 1 a test failed, 2 could not run.\nDocs: loki-alerts explain rule-tests',
    )
    .action(async (paths: string[], options: TestOptions) => {
      if (options.init !== undefined && paths.length > 0) {
        throw new UsageError(`--init takes one rule file, got ${paths.length + 1}: run it once for each`);
      }
      shell.exitCode =
        options.init === undefined
          ? await runTests(paths.length > 0 ? paths : ['.'], options, shell)
          : await init(options.init, shell);
    });
}

function toRegExp(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function toJobs(text: string): number {
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1) throw new InvalidArgumentError('use a whole number above 0');
  return jobs;
}

async function init(rules: string, shell: Shell): Promise<number> {
  let loki: TestLoki | undefined;
  try {
    const target = testFileFor(rules);
    // A first test is not worth a build.
    const engine = await findLocalEngine('loki');
    loki = engine && (await TestLoki.start(engine));
    const { alerts, failing } = await initTestFile(rules, target, loki);
    printLine(shell.stdout, `wrote ${target}`);
    for (const found of failing) printLine(shell.stderr, formatFinding(found));
    const confirmed = `loki ${loki?.version} confirms the tests of ${alerts - failing.length} of ${alerts} alerts`;
    const unconfirmed = `the tests are not confirmed, because Loki is not on this machine: run \`loki-alerts test ${target}\`, which builds it`;
    printLine(shell.stderr, loki ? confirmed : unconfirmed);
    return 0;
  } catch (error) {
    return report(error, 'text', shell);
  } finally {
    await loki?.stop();
  }
}

/** Returns the path of a first test file: outside a folder whose other files `cdk8s synth` deletes. */
function testFileFor(rules: string): string {
  const name = `${rules.replace(/\.ya?ml$/, '')}.test.yaml`;
  const app = appWriting(rules);
  return app ? join(relative('.', app.folder), basename(name)) : name;
}

/** Runs the tests at the paths, and returns the exit code. */
export async function runTests(paths: readonly string[], options: TestOptions, shell: Shell): Promise<number> {
  let tester: RuleTester | undefined;
  try {
    // Errors in files are reported before the engines start.
    let session = await loadTests(paths, options);
    // Watches from before the run, so that an edit during it is noticed.
    let changed = options.watch && change(session);
    if (session.files.length === 0) throw new BadInput(session.findings);
    const progress = (message: string) => printLine(shell.stderr, message);
    tester = await RuleTester.start({ progress, build: options.build });
    let code = await runOnce(tester, session, options, shell);
    while (changed) {
      printLine(shell.stderr, 'waiting for changes (Ctrl-C to stop)');
      await changed;
      changed = change(session);
      try {
        session = await loadTests(paths, options);
        code = await runOnce(tester, session, options, shell);
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
        code = report(error, options.format, shell);
      }
    }
    return code;
  } catch (error) {
    return report(error, options.format, shell);
  } finally {
    await tester?.stop();
  }
}

export interface Session {
  readonly files: readonly PlannedFile[];
  /** Reasons that other files cannot be run. */
  readonly findings: readonly Finding[];
  readonly others: ReturnType<typeof discover>['ruleFiles'];
  /** Folders of all files that were read. */
  readonly folders: ReadonlySet<string>;
}

/**
 * Reads all files.
 * @throws {BadInput} if a path does not exist, or the filter matches nothing
 */
export async function loadTests(paths: readonly string[], { filter }: Pick<TestOptions, 'filter'>): Promise<Session> {
  const { testFiles, ruleFiles } = discover(paths);
  const findings: Finding[] = [];
  const files: PlannedFile[] = [];
  for (const path of testFiles) {
    try {
      const planned = planFile(readTestFile(path, dirname(path)));
      const stale = await staleManifests(planned.reads);
      if (stale.length > 0) throw new BadInput(stale);
      files.push({
        ...planned,
        plans: planned.plans.filter(({ file, name }) => !filter || filter.test(`${file.path} › ${name}`)),
      });
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      findings.push(...error.findings);
    }
  }
  if (filter && files.length > 0 && files.every(({ plans }) => plans.length === 0)) {
    throw new BadInput([
      finding('rule-test-filter', {
        problem: `--filter ${filter.source} matches no test in ${files.length} files`,
        fix: 'use a regular expression that matches "file › name"',
      }),
    ]);
  }
  return {
    files,
    findings,
    others: ruleFiles,
    folders: new Set(files.flatMap(({ reads }) => reads.map((file) => dirname(resolve(file))))),
  };
}

async function runOnce(
  tester: RuleTester,
  { files, others, findings }: Session,
  options: TestOptions,
  shell: Shell,
): Promise<number> {
  const { stdout, stderr } = shell;
  const paint = paintFor(stdout);
  const plans = files.flatMap((file) => file.plans);
  const live = options.format === 'text' || options.format === 'github';
  const run = await tester.run(plans, {
    jobs: options.jobs,
    onResult: (test) => {
      if (!live) return;
      printLine(stdout, testLine(test, paint));
      if (!test.passed) printLine(stdout, failureText(test, paint));
    },
  });
  const result = { ...run, findings: inFileOrder([...findings, ...run.findings]) };
  const coverage = { others, required: options.requireCoverage };
  const gaps = options.coverage || options.requireCoverage ? uncovered(files, result.tests, coverage) : undefined;
  print(result, gaps, options, paint, shell);
  const failed = result.tests.filter(({ passed }) => !passed);
  const fixed = options.update ? update(failed, stderr) : false;
  if (result.findings.length > 0) return 2;
  return (failed.length > 0 && !fixed) || (options.requireCoverage && gaps?.length) ? 1 : 0;
}

function print(
  result: RunResult,
  gaps: readonly Finding[] | undefined,
  { format }: TestOptions,
  paint: Paint,
  { stdout, stderr }: Shell,
): void {
  if (format === 'json') {
    printLine(stdout, JSON.stringify(toJson(result, gaps), null, 2));
    return;
  }
  if (format === 'sarif') {
    printSarif([...result.findings, ...failedTests(result), ...(gaps ?? [])], stdout);
    return;
  }
  const failures = gaps?.filter(({ severity }) => severity === 'error');
  if (format === 'junit') printLine(stdout, toJunit(result, failures));
  if (format === 'tap') printLine(stdout, toTap(result, failures));
  if (format === 'github')
    for (const line of [...toGithub(result), ...[...result.findings, ...(gaps ?? [])].map(findingToGithub)])
      printLine(stdout, line);
  const machine = format === 'junit' || format === 'tap';
  const say = (text: string) => printLine(machine ? stderr : stdout, text);
  for (const found of result.findings) printLine(stderr, formatFinding(found));
  if (gaps) for (const gap of gaps) say(formatFinding(gap));
  if (gaps?.length === 0) say('every alert has a test that sees it fire, and one that sees it stay silent');
  say(summaryLine(result, paint));
}

function printSarif(findings: readonly Finding[], stdout: OutputStream): void {
  printLine(stdout, JSON.stringify(sarifLog(findings), null, 2));
}

/** Writes the actual results into the test files. True if this fixed all failures. */
function update(failed: RunResult['tests'], stderr: OutputStream): boolean {
  for (const [file, count] of updateFiles(failed))
    printLine(stderr, `updated ${count} ${count === 1 ? 'expectation' : 'expectations'} in ${file}`);
  return failed.every(({ errors }) => errors.length === 0);
}

/** Resolves after a file in one of the folders has changed. */
function change({ folders }: Session): Promise<void> {
  return new Promise((done) => {
    const watchers = [...folders].map((folder) => watch(folder));
    let settling: NodeJS.Timeout | undefined;
    const settle = () => {
      // Editors write a file in several steps.
      clearTimeout(settling);
      settling = setTimeout(() => {
        for (const open of watchers) open.close();
        done();
      }, 50);
    };
    // The deletion of a folder is a change too.
    for (const watcher of watchers) watcher.on('change', settle).on('error', settle);
  });
}

/** Returns why the tests could not be run. */
export function findingsOf(error: unknown): readonly Finding[] {
  return error instanceof BadInput
    ? error.findings
    : [finding('rule-test-engine', { problem: (error as Error).message })];
}

/** Reports why the tests could not be run, and returns the exit code. */
function report(error: unknown, format: TestOptions['format'], { stdout, stderr }: Shell): number {
  const findings = findingsOf(error);
  if (format === 'json') printLine(stdout, JSON.stringify({ findings }, null, 2));
  else if (format === 'sarif') printSarif(findings, stdout);
  else if (format === 'github') for (const found of findings) printLine(stdout, findingToGithub(found));
  else for (const found of findings) printLine(stderr, formatFinding(found));
  return 2;
}
