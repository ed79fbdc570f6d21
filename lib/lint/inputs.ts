import { lstatSync } from 'node:fs';
import { checkedConfig } from '../alertmanager/checks/check-config';
import { checkTemplateExecution } from '../alertmanager/checks/template-execution';
import { checkTemplateFiles } from '../alertmanager/checks/template-files';
import { checkTemplateNames } from '../alertmanager/checks/template-names';
import { readAlertmanagerConfig } from '../alertmanager/config/read';
import { allTemplatesRead, readTemplateFiles } from '../alertmanager/read-templates';
import type { Finding } from '../checks/findings';
import type { CheckOptions } from '../rules/check-options';
import { checkTenantRuleFiles } from '../rules/check-rules';
import {
  type AlertmanagerText,
  listYaml,
  noRules,
  nothingIn,
  type Scan,
  type ScanFilesOptions,
  type ScannedFile,
  type ScanOptions,
  type Skipped,
  scanFiles,
  scanYaml,
} from '../rules/read';
import { ruleFileToYaml } from '../rules/write';
import { type AlertmanagerVersion, DEFAULT_ALERTMANAGER } from '../versions/alertmanager';
import { loadText, STDIN } from '../yaml/load';
import { placeIn } from '../yaml/source';
import { compareRoutes } from './compare-routes';
import { UsageError } from './exit-codes';
import type { Inputs, Note, Routes } from './input-model';
import type { Progress } from './progress';

export interface ReadOptions extends ScanFilesOptions {
  /** Alertmanager version that each alertmanager.yml is for. @default the version in the manifests */
  readonly alertmanagerVersion?: AlertmanagerVersion;
  /** True to return waived findings too, with the reason. @default false */
  readonly keepWaived?: boolean;
}

type RoutesOptions = Pick<ReadOptions, 'alertmanagerVersion' | 'keepWaived'>;

/**
 * Reads the rules and routes of all paths. In folders, other YAML is skipped; a file that is named must contain rules
 * or routes. A file that several paths include is read once.
 *
 * @throws UsageError naming all paths that do not exist
 */
export function readPaths(paths: readonly string[], progress: Progress, options: ReadOptions = {}): Inputs {
  requirePaths(paths.filter((path) => path !== STDIN));
  const { alertmanagerVersion, keepWaived, ...scanning } = options;
  const routing: RoutesOptions = { alertmanagerVersion, keepWaived };
  const settings: ScanFilesOptions = { language: 'auto', ...scanning, target: 'loki' };
  const read: Inputs[] = [];
  const files = new Map<string, ScannedFile>();
  for (const path of paths) {
    if (path === STDIN) {
      read.push(readStdin(settings, routing));
      continue;
    }
    const scanned = scanFiles(path, settings, (i, total) => progress.report('reading', i, total));
    read.push({ ...NOTHING, findings: scanned.unreadable });
    for (const file of scanned.files) if (file.named || !files.has(file.path)) files.set(file.path, file);
  }
  const inputs = joinInputs([...read, ...[...files.values()].map((file) => toInputs(file, routing))]);
  if (inputs.files > 0 || inputs.findings.length > 0 || inputs.notes.length > 0) return inputs;
  return { ...inputs, findings: paths.map((path) => noRules(path, 'no rules and no alertmanager.yml')) };
}

/** @throws UsageError naming all paths that do not exist, and all globs without a match */
export function requirePaths(paths: readonly string[]): void {
  // Links that lead nowhere exist, and are reported when they are read.
  const exists = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  const missing = paths.filter((path) => !exists(path) && listYaml(path).length === 0);
  if (missing.length > 0) throw new UsageError(`no such file or folder: ${missing.join(', ')}`);
}

/** Reads the rules and routes of manifests, and skips everything else. */
export function readManifests(
  paths: readonly string[],
  options: Omit<ReadOptions, keyof ScanFilesOptions> & ScanOptions = {},
): Inputs {
  const { alertmanagerVersion, keepWaived, ...scanning } = options;
  const routing: RoutesOptions = { alertmanagerVersion, keepWaived };
  const settings: ScanOptions = { ...scanning, language: scanning.language ?? 'auto', target: 'loki', inFolder: true };
  return joinInputs(
    paths.map((path) => {
      const source = loadText(path);
      return 'id' in source
        ? { ...NOTHING, files: 1, findings: [source] }
        : fromScan(scanYaml(source, settings), routing);
    }),
  );
}

/** Returns all findings of inputs. */
export function checkInputs({ rules, routes, findings }: Inputs, options: CheckOptions): Finding[] {
  const files = rules.map(({ file }) => file);
  return [...findings, ...checkTenantRuleFiles(files, options), ...compareRoutes(rules, routes, options)];
}

const NOTHING: Inputs = { files: 0, rules: [], routes: [], findings: [], notes: [] };

function joinInputs(inputs: readonly Inputs[]): Inputs {
  return {
    files: inputs.reduce((sum, { files }) => sum + files, 0),
    rules: inputs.flatMap(({ rules }) => rules),
    routes: inputs.flatMap(({ routes }) => routes),
    findings: inputs.flatMap(({ findings }) => findings),
    notes: inputs.flatMap(({ notes }) => notes),
    stdin: inputs.find(({ stdin }) => stdin !== undefined)?.stdin,
  };
}

function readStdin(options: ScanOptions, routing?: RoutesOptions): Inputs {
  const source = loadText(STDIN);
  return 'id' in source
    ? { ...NOTHING, files: 1, findings: [source] }
    : { ...named(source.file, scanYaml(source, options), routing), stdin: source.text };
}

function toInputs({ file, named: isNamed, ...read }: ScannedFile, routing?: RoutesOptions): Inputs {
  if (read.scan) return isNamed ? named(file, read.scan, routing) : fromScan(read.scan, routing);
  if (isNamed) return { ...NOTHING, files: 1, findings: [read.unreadable] };
  // Most large and binary files of a repository are not rules, but one that is would stop Loki: so there is a note.
  const { severity: _, ...note } = read.unreadable;
  return { ...NOTHING, notes: [note] };
}

/** Contents of a named file, which must have rules or routes. */
function named(file: string, scan: Scan, routing?: RoutesOptions): Inputs {
  const inputs = fromScan(scan, routing);
  return inputs.files > 0 ? inputs : { ...NOTHING, files: 1, findings: [nothingIn(file, scan)] };
}

function fromScan({ rules, plain, alertmanager, findings, skipped }: Scan, routing?: RoutesOptions): Inputs {
  const notes = skipped
    .filter(({ kind }) => kind === 'prometheus-rules')
    .slice(0, 1)
    .map(prometheusNote);
  if (rules.length + alertmanager.length + findings.length === 0) return { ...NOTHING, notes };
  const routes = alertmanager.map((text) => readRoutes(text, routing));
  return {
    files: 1,
    rules: rules.map((file) => ({ file, text: plain ?? ruleFileToYaml(file) })),
    routes,
    findings: [...findings, ...routes.flatMap((config) => config.findings)],
    notes,
  };
}

function prometheusNote({ place, evidence }: Skipped): Note {
  const problem = `skipped: Prometheus rules, judging by ${evidence}`;
  return {
    id: 'prometheus-rules',
    path: [],
    problem,
    fix: 'to check them as Loki rules, pass --language logql',
    place,
  };
}

function readRoutes(
  source: AlertmanagerText,
  { alertmanagerVersion = DEFAULT_ALERTMANAGER, keepWaived }: RoutesOptions = {},
): Routes & { findings: readonly Finding[] } {
  const { config, partial, positions, findings } = readAlertmanagerConfig(
    source.text,
    source.file,
    alertmanagerVersion,
  );
  const known = config ?? partial;
  const checked = known && checkedConfig(known, { positions, alertmanagerVersion, keepWaived });
  const typed = checked?.typed;
  const templates = typed ? readTemplateFiles(typed, source) : [];
  // Without a config, both contain the values of the wrong type.
  const found = config ? [...findings, ...(checked?.findings ?? [])] : union(findings, checked?.findings ?? []);
  const messages = typed && { config: typed, files: templates, positions, version: alertmanagerVersion };
  const called = [
    ...(messages && allTemplatesRead(messages.config, source) ? checkTemplateNames(messages) : []),
    ...(messages ? checkTemplateExecution(messages) : []),
  ];
  const all = [
    ...[...found, ...called].map((found) => (found.place?.file === source.file ? placeIn(source, found) : found)),
    ...checkTemplateFiles(templates, alertmanagerVersion),
  ];
  const broken = all.some(({ severity }) => severity === 'error');
  return { source, positions, templates, findings: all, ...(config && !broken && { config }) };
}

function union(some: readonly Finding[], others: readonly Finding[]): Finding[] {
  const keyOf = ({ id, path, problem }: Finding) => JSON.stringify([id, path, problem]);
  const known = new Set(some.map(keyOf));
  return [...some, ...others.filter((finding) => !known.has(keyOf(finding)))];
}
