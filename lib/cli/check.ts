import { Command, InvalidArgumentError, Option } from 'commander';
import { type Finding, inFileOrder, notWaived } from '../checks/findings';
import { checkList, checkTable } from '../checks/list';
import { askEngines } from '../lint/ask-engines';
import { CLEAN, FOUND, UsageError } from '../lint/exit-codes';
import type { Inputs } from '../lint/input-model';
import { checkInputs, readPaths } from '../lint/inputs';
import { terminalProgress } from '../lint/progress';
import type { CheckOptions } from '../rules/check-options';
import { durationMs } from '../text/duration';
import { table } from '../text/table';
import { type AlertmanagerVersion, DEFAULT_ALERTMANAGER, versionProblem } from '../versions/alertmanager';
import { DEFAULT_LOKI, type LokiVersion, lokiVersionProblem } from '../versions/loki';
import { addLokiFlags, type LokiFlags } from './check-loki-options';
import { FORMATS, type Format, formatFindings } from './report';
import { printLine, type Shell } from './shell';

interface Flags extends LokiFlags {
  readonly format: Format;
  readonly list: boolean;
  readonly strict: boolean;
  readonly engine: boolean;
  readonly evaluationInterval?: string;
  readonly severities?: readonly string[];
  readonly collectorLabels?: readonly string[];
  readonly prometheusRules?: Readonly<Record<string, string>>;
  readonly alertmanagerVersion: AlertmanagerVersion;
  readonly lokiVersion: LokiVersion;
  readonly exclude: readonly string[];
  readonly language?: 'logql' | 'promql';
}

/** `loki-alerts check [files or folders…]` */
export function checkCommand(shell: Shell): Command {
  const list = (value: string) => value.split(',').map((part) => part.trim());
  return addLokiFlags(new Command('check'))
    .description('check rule files, resources, ConfigMaps and Secrets with rules, and alertmanager.yml')
    .argument('[paths...]', 'files, folders (all *.yaml and *.yml in them), globs, or - for standard input', ['.'])
    .addOption(new Option('--format <format>', 'output format').choices(FORMATS).default('text'))
    .option('--list', 'list all checks instead (as text or json)', false)
    .option('--strict', 'fail on warnings too', false)
    .option('--engine', 'also check with a real Loki and amtool', false)
    .option('--evaluation-interval <duration>', "the ruler's evaluation_interval (default: 1m)")
    .option('--severities <list>', 'allowed values of the label severity, separated by commas (default: any)', list)
    .option(
      '--collector-labels <list>',
      'stream labels that your collector sets, and service_name where Loki adds it (default: common labels)',
      list,
    )
    .option(
      '--prometheus-rules <labels>',
      'labels of the PrometheusRules that are meant for Loki, e.g. app=loki (default: all are)',
      toLabels,
    )
    .addOption(
      new Option('--alertmanager-version <version>', 'version that runs alertmanager.yml')
        .default(DEFAULT_ALERTMANAGER)
        .argParser(toAlertmanagerVersion),
    )
    .addOption(
      new Option('--loki-version <version>', 'version of Loki that runs the rules')
        .default(DEFAULT_LOKI)
        .argParser(toLokiVersion),
    )
    .option(
      '--exclude <pattern>',
      'files and folders to exclude, in the syntax of .gitignore; may be repeated',
      (pattern: string, patterns: string[]) => [...patterns, pattern],
      [] as string[],
    )
    .addOption(
      new Option(
        '--language <language>',
        'language of rules in files, ConfigMaps and PrometheusRules; rules in promql are skipped (default: detected from their expressions)',
      ).choices(['logql', 'promql']),
    )
    .addHelpText('after', '\nExit codes: 0 no errors (with --strict: no warnings either), 1 findings, 2 could not run.')
    .action(async (paths: string[], flags: Flags) => {
      shell.exitCode = await check(paths, flags, shell);
    });
}

function toAlertmanagerVersion(text: string): AlertmanagerVersion {
  const problem = versionProblem(text);
  if (problem !== undefined) throw new InvalidArgumentError(`${text} ${problem}`);
  return text;
}

function toLokiVersion(text: string): LokiVersion {
  const problem = lokiVersionProblem(text);
  if (problem !== undefined) throw new InvalidArgumentError(`${text} ${problem}`);
  return text;
}

function toLabels(text: string): Record<string, string> {
  const labels = text.split(',').map((part) => part.split('=').map((side) => side.trim()));
  if (labels.some((sides) => sides.length !== 2 || !sides[0])) throw new InvalidArgumentError('use label=value,…');
  return Object.fromEntries(labels) as Record<string, string>;
}

async function check(paths: readonly string[], flags: Flags, { stdout, stderr }: Shell): Promise<number> {
  if (flags.list) {
    if (flags.format !== 'text' && flags.format !== 'json') throw new UsageError('--list: use --format text or json');
    printLine(stdout, flags.format === 'json' ? JSON.stringify(checkList(), null, 2) : table(checkTable()));
    return CLEAN;
  }
  // Code scanning shows what is waived as dismissed, and the other formats leave it out.
  const keepWaived = flags.format === 'sarif';
  const options: CheckOptions = { ...checkOptions(flags), keepWaived };
  const progress = terminalProgress(stderr);
  const inputs = readPaths(paths, progress, {
    prometheusRuleLabels: flags.prometheusRules,
    alertmanagerVersion: flags.alertmanagerVersion,
    keepWaived,
    exclude: flags.exclude,
    gitignore: true,
    language: flags.language ?? 'auto',
  });
  const findings = checkInputs(inputs, options);
  if (flags.engine) {
    findings.push(...(await askEngines(inputs, progress.say)));
  }
  const { loki } = flags;
  const live =
    loki === undefined ? undefined : await checkLokiLazily(inputs, { ...flags, loki }, options, progress.say);
  findings.push(...(live?.findings ?? []));
  progress.end();
  const rules = inputs.rules.flatMap(({ file }) => file.groups.flatMap((group) => group.rules)).length;
  printLine(
    stdout,
    formatFindings(flags.format, inFileOrder(findings), { files: inputs.files, rules }, [
      ...inputs.notes,
      ...(live?.notes ?? []),
    ]),
  );
  const fails = ({ severity }: Finding) => severity === 'error' || flags.strict;
  return notWaived(findings).some(fails) ? FOUND : CLEAN;
}

/** Only `--loki` needs the client, the rule tests and the engines, which take longer to load than a check. */
function checkLokiLazily(
  inputs: Inputs,
  flags: LokiFlags & { readonly loki: string },
  { evaluationInterval, keepWaived }: CheckOptions,
  progress: (message: string) => void,
) {
  const { checkLoki } = require('./check-loki') as typeof import('./check-loki');
  return checkLoki(
    inputs.rules.map(({ file }) => file),
    flags,
    { evaluationInterval, keepWaived, progress },
  );
}

function checkOptions({ evaluationInterval, severities, collectorLabels, lokiVersion }: Flags): CheckOptions {
  if (evaluationInterval !== undefined && !durationMs(evaluationInterval)) {
    throw new UsageError(`invalid duration "${evaluationInterval}" of --evaluation-interval: use e.g. 30s`);
  }
  return { evaluationInterval, severities, collectorLabels, lokiVersion, separateFolders: true };
}
