import { join } from 'node:path';
import { Command, Option } from 'commander';
import { type Finding, formatFinding, formatMessage } from '../checks/findings';
import { CLEAN, FOUND, UsageError } from '../lint/exit-codes';
import { checkTenantRuleFiles } from '../rules/check-rules';
import { exportRules } from '../rules/export/check-export';
import type { ExportedObject } from '../rules/export/objects';
import { OBJECT_FORMS, type RuleTarget } from '../rules/export/target';
import { FORM_ENTRIES } from '../rules/export/target-schema';
import type { RuleFile } from '../rules/model';
import { byTenant } from '../rules/tenant';
import { ruleFileToYaml } from '../rules/write';
import { checkOptions } from '../validate/validate';
import { writeYaml } from '../yaml/write';
import { toLabels } from './labels-option';
import { readSources, SOURCES } from './rule-sources';
import { diffCommand, syncCommand } from './rules-sync';
import { printLine, type Shell } from './shell';
import { otherYaml, writeFiles } from './write-files';

const FORMS = ['files', ...OBJECT_FORMS] as const;

/** `--out` for standard output. */
const STDOUT = '-';

interface Flags {
  readonly out: string;
  readonly as: (typeof FORMS)[number];
  readonly namespace?: string;
  readonly tenant?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly rulesDirectory?: string;
  readonly openshift?: boolean;
}

/** `loki-alerts rules export [sources…] --out <folder>` */
export function rulesCommand(shell: Shell): Command {
  return new Command('rules')
    .description('work with rule files')
    .addCommand(exportCommand(shell))
    .addCommand(diffCommand(shell))
    .addCommand(syncCommand(shell));
}

function exportCommand(shell: Shell): Command {
  return new Command('export')
    .description('write rules as standard Loki rule files, or as Kubernetes objects that another Loki reads')
    .argument(...SOURCES)
    .requiredOption('--out <folder>', 'output folder, created if it does not exist; - for standard output')
    .addOption(new Option('--as <form>', 'form of the rules').choices(FORMS).default('files'))
    .option('--tenant <id>', "tenant of rule files without their own (default with configmap: 'fake')")
    .option('--namespace <name>', 'namespace of the objects (default: that of kubectl apply)')
    .option('--labels <labels>', 'labels of the objects, label=value,… (default with configmap: loki_rule=)', toLabels)
    .option('--name <name>', "start of the objects' names (default: loki-rules)")
    .option('--rules-directory <path>', "configmap: folder of the ruler's rules (default: /rules)")
    .option('--openshift', 'alertingrule: fail on what the operator rejects on OpenShift')
    .addHelpText(
      'after',
      `
Forms:
  files           Loki rule files, a folder for each tenant
  configmap       for the sidecar of Loki's Helm chart
  alertingrule    AlertingRules and RecordingRules of the Loki operator
  prometheusrule  PrometheusRules for loki.rules.kubernetes of Grafana Alloy

Exit codes: 0 success, 1 the rules have errors and nothing was written, 2 could not run.`,
    )
    .action(async (sources: string[], flags: Flags) => {
      shell.exitCode = await exportTo(sources, flags, shell);
    });
}

/** Files to write, and what the command reports about each. */
interface Output {
  readonly texts: ReadonlyMap<string, string>;
  readonly reports: readonly string[];
  readonly findings: readonly Finding[];
}

async function exportTo(
  sources: readonly string[],
  { out, as, ...flags }: Flags,
  { stdout, stderr }: Shell,
): Promise<number> {
  requireValidFlags(as, flags);
  const files = await readSources(sources);
  const folder = out === STDOUT ? '' : out;
  const target = { as, ...flags } as RuleTarget;
  const { texts, reports, findings } =
    as === 'files' ? asFiles(files, folder, flags) : asObjects(files, folder, target);
  const isError = ({ severity }: Finding) => severity === 'error';
  const shown = findings.filter((found) => isError(found) || found.id === 'openshift-rejects');
  for (const found of shown) printLine(stderr, formatFinding(withFlag(found)));
  if (shown.some(isError)) return FOUND;
  if (out === STDOUT) {
    stdout.write(asStream(texts, as));
    for (const report of reports) printLine(stderr, report);
    return CLEAN;
  }
  writeFiles(texts);
  for (const report of reports) printLine(stdout, report);
  for (const other of otherYaml([...texts.keys()]))
    printLine(stderr, `not part of this export: ${other}: remove it if its rules are obsolete`);
  return CLEAN;
}

/** @throws UsageError with all flags that are invalid, or that the form does not have */
function requireValidFlags(as: Flags['as'], flags: object): void {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  const problems = given.flatMap(([name, value]) => {
    const flag = flagOf(name);
    const schema = schemaOf(as, name);
    if (schema === undefined) {
      const forms = FORMS.filter((form) => schemaOf(form, name) !== undefined);
      return [`${flag} has no effect with --as ${as}: remove it, or use --as ${forms.join(' or ')}`];
    }
    return checkOptions(schema, value).map((found) => formatMessage({ ...found, subject: flag }));
  });
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
}

/** `--rules-directory` of `rulesDirectory`. */
function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Names the flag in a finding on an option. */
function withFlag(found: Finding): Finding {
  return found.id === 'option' ? { ...found, subject: flagOf(String(found.path[0])) } : found;
}

function schemaOf(form: Flags['as'], option: string) {
  return Object.entries(FORM_ENTRIES[form]).find(([name]) => name === option)?.[1];
}

function asFiles(files: readonly RuleFile[], folder: string, { tenant }: Pick<Flags, 'tenant'>): Output {
  const texts = [...byTenant(files, tenant)].flatMap(([id = '', own]) =>
    own.map((file) => [join(folder, id, file.name), ruleFileToYaml(file)] as const),
  );
  return {
    texts: new Map(texts),
    reports: texts.map(([path]) => path),
    findings: checkTenantRuleFiles(files, {}, tenant),
  };
}

function asObjects(files: readonly RuleFile[], folder: string, target: RuleTarget): Output {
  const { objects, findings } = exportRules(files, target);
  const pathOf = ({ object }: ExportedObject) => join(folder, `${object.metadata.name}.yaml`);
  const texts = new Map<string, string>();
  for (const exported of objects) {
    const path = pathOf(exported);
    const before = texts.get(path);
    texts.set(path, `${before === undefined ? '' : `${before}---\n`}${writeYaml(exported.object)}`);
  }
  return { texts, reports: objects.map((exported) => `${pathOf(exported)}: ${described(exported)}`), findings };
}

function described({ object: { kind }, file, tenant, rules }: ExportedObject): string {
  const count = `${rules} rule${rules === 1 ? '' : 's'} of ${file.name}`;
  return [kind, count, ...(tenant === undefined ? [] : [`tenant ${tenant}`])].join(', ');
}

/** @throws UsageError if there are several rule files: Loki reads only the first document of a file */
function asStream(texts: ReadonlyMap<string, string>, as: Flags['as']): string {
  if (as === 'files' && texts.size > 1) {
    throw new UsageError(
      `${texts.size} rule files cannot be one output: name a folder with --out, or use another --as`,
    );
  }
  return [...texts.values()].join('---\n');
}
