import { relative, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { inFileOrder, notWaived } from '../checks/findings';
import { checkList, checkTable } from '../checks/list';
import { configured, knownOptions, levelsOf } from '../lint/config/apply';
import { CONFIG_FILE, noConfig, readConfig, type SourcedConfig } from '../lint/config/read';
import type { Config } from '../lint/config/schema';
import { CLEAN, FOUND, UsageError } from '../lint/exit-codes';
import type { Inputs } from '../lint/input-model';
import { checkInputs, readPaths } from '../lint/inputs';
import { checkPolicies } from '../lint/policies';
import { policyList, policyTable } from '../lint/policies/list';
import { terminalProgress } from '../lint/progress';
import type { CheckOptions } from '../rules/check-options';
import { durationMs } from '../text/duration';
import { paintFor } from '../text/paint';
import { table } from '../text/table';
import { type AlertmanagerVersion, DEFAULT_ALERTMANAGER, versionProblem } from '../versions/alertmanager';
import { DEFAULT_LOKI, type LokiVersion, lokiVersionProblem } from '../versions/loki';
import { addLokiFlags, type LokiFlags } from './check-loki-options';
import { toLabels } from './labels-option';
import { FORMATS, type Format, formatFindings } from './report';
import { printLine, type Shell } from './shell';

interface Flags extends LokiFlags {
  readonly format: Format;
  readonly list: boolean;
  readonly quiet: boolean;
  readonly strict: boolean;
  /** Path; false for none. @default it is searched for */
  readonly config?: string | false;
  readonly engine: boolean;
  readonly evaluationInterval?: string;
  readonly retention?: string;
  readonly severities?: readonly string[];
  readonly collectorLabels?: readonly string[];
  readonly prometheusRules?: Readonly<Record<string, string>>;
  readonly alertmanagerVersion?: AlertmanagerVersion;
  readonly lokiVersion?: LokiVersion;
  readonly exclude: readonly string[];
  readonly language?: 'logql' | 'promql';
}

/** `loki-alerts check [files or folders…]` */
export function checkCommand(shell: Shell): Command {
  const list = (value: string) => value.split(',').map((part) => part.trim());
  return addLokiFlags(new Command('check'))
    .description('check rule files, resources, ConfigMaps and Secrets with rules, and alertmanager.yml')
    .argument(
      '[paths...]',
      'files, folders (all *.yaml and *.yml in them), globs, or - for standard input (default: paths in the configuration, else the current folder)',
    )
    .addOption(new Option('--format <format>', 'output format').choices(FORMATS).default('text'))
    .option('-q, --quiet', 'print the findings only, one line each, without source lines, notes and summary', false)
    .option('--list', 'list all checks and policies with their levels instead (as text or json)', false)
    .option('--config <file>', 'configuration (default: loki-alerts.yaml in this folder or above it)')
    .option('--no-config', 'ignore any configuration')
    .option('--strict', 'fail on warnings too', false)
    .option('--engine', 'also check with a real Loki and amtool', false)
    .option('--evaluation-interval <duration>', "the ruler's evaluation_interval (default: 1m)")
    .option('--retention <duration>', "Loki's retention_period, before which ranges are empty (default: not checked)")
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
      new Option(
        '--alertmanager-version <version>',
        `version that runs alertmanager.yml (default: ${DEFAULT_ALERTMANAGER})`,
      ).argParser(toAlertmanagerVersion),
    )
    .addOption(
      new Option(
        '--loki-version <version>',
        `version of Loki that runs the rules (default: ${DEFAULT_LOKI})`,
      ).argParser(toLokiVersion),
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
    .addHelpText(
      'after',
      '\nExit codes: 0 no errors (with --strict: no warnings either), 1 findings, 2 could not run.\nDocs: loki-alerts explain check',
    )
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

async function check(named: readonly string[], flags: Flags, { stdout, stderr }: Shell): Promise<number> {
  const sourced = flags.config === false ? noConfig() : readConfig(flags.config);
  if (flags.list) {
    printLine(stdout, listed(flags.format, sourced));
    return CLEAN;
  }
  const { config, folder } = sourced;
  const ofConfig = config.paths?.map((path) => relative(process.cwd(), resolve(folder, path)) || '.');
  const paths = named.length > 0 ? named : (ofConfig ?? ['.']);
  // Code scanning shows what is waived as dismissed, and the other formats leave it out.
  const keepWaived = flags.format === 'sarif';
  const options: CheckOptions = { ...checkOptions(flags, config), keepWaived };
  const progress = terminalProgress(stderr);
  const inputs = readPaths(paths, progress, {
    prometheusRuleLabels: flags.prometheusRules ?? config.prometheusRuleLabels,
    alertmanagerVersion: flags.alertmanagerVersion ?? config.alertmanagerVersion,
    keepWaived,
    exclude: flags.exclude,
    excludedIn: { folder, patterns: [...(config.exclude ?? []), `/${CONFIG_FILE}`] },
    gitignore: true,
    language: flags.language ?? config.language ?? 'auto',
  });
  const found = [...checkInputs(inputs, options), ...checkPolicies(inputs, sourced)];
  if (flags.engine) {
    const { askEngines } = require('../lint/ask-engines') as typeof import('../lint/ask-engines');
    found.push(...(await askEngines(inputs, progress.say)));
  }
  const { loki } = flags;
  const live =
    loki === undefined ? undefined : await checkLokiLazily(inputs, { ...flags, loki }, options, progress.say);
  found.push(...(live?.findings ?? []));
  progress.end();
  const all = configured(found, sourced);
  const findings = inFileOrder(keepWaived ? all : notWaived(all));
  const rules = inputs.rules.flatMap(({ file }) => file.groups.flatMap((group) => group.rules)).length;
  const report = formatFindings(flags.format, findings, {
    totals: { files: inputs.files, rules },
    notes: [...inputs.notes, ...(live?.notes ?? [])],
    quiet: flags.quiet,
    paint: paintFor(stdout),
    columns: stdout.columns,
    stdin: inputs.stdin,
  });
  if (report !== '') printLine(stdout, report);
  const strict = flags.strict || config.strict === true;
  return notWaived(findings).some(({ severity }) => severity === 'error' || strict) ? FOUND : CLEAN;
}

/** Returns all checks and policies, with their levels. */
function listed(format: Format, sourced: SourcedConfig): string {
  const level = levelsOf(sourced);
  if (format === 'json') return JSON.stringify({ ...checkList(level), ...policyList(sourced) }, null, 2);
  if (format !== 'text') throw new UsageError('--list: use --format text or json');
  return [table(checkTable(level)), ...policyTable(sourced)].join('\n\n');
}

function checkOptions(flags: Flags, config: Config): CheckOptions {
  const { evaluationInterval = config.evaluationInterval, retention = config.retention } = flags;
  requireDuration('--evaluation-interval', evaluationInterval, '30s');
  requireDuration('--retention', retention, '744h');
  return { ...knownOptions(config), ...given({ ...flags, evaluationInterval, retention }), separateFolders: true };
}

function requireDuration(option: string, duration: string | undefined, example: string): void {
  if (duration !== undefined && !durationMs(duration))
    throw new UsageError(`invalid duration "${duration}" of ${option}: use e.g. ${example}`);
}

/** The check options among the flags that are set. */
function given({ evaluationInterval, retention, severities, collectorLabels, lokiVersion }: Flags): CheckOptions {
  return {
    ...(evaluationInterval !== undefined && { evaluationInterval }),
    ...(retention !== undefined && { retention }),
    ...(severities && { severities }),
    ...(collectorLabels && { collectorLabels }),
    ...(lokiVersion !== undefined && { lokiVersion }),
  };
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
