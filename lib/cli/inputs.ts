import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkAlertmanagerConfig } from '../alertmanager/check';
import type { AlertmanagerConfig } from '../alertmanager/config';
import { readAlertmanagerConfig } from '../alertmanager/read';
import type { Positions } from '../alertmanager/report';
import { checkTemplateFiles } from '../alertmanager/template-files';
import { checkTemplateNames } from '../alertmanager/template-names';
import type { TemplateFile } from '../alertmanager/templates';
import { type AlertmanagerVersion, DEFAULT_ALERTMANAGER } from '../alertmanager/version';
import type { Finding } from '../findings';
import { checkTenantRuleFiles } from '../rules/check';
import type { RuleFile } from '../rules/model';
import type { CheckOptions } from '../rules/options';
import { listYaml, loadText, noRules, type ScanOptions, type SourceText, scanYaml } from '../rules/read';
import { placeIn } from '../rules/read/yaml-text';
import { ruleFileToYaml } from '../rules/write';
import { compareRoutes } from './compare-routes';
import { UsageError } from './exit-codes';
import type { Progress } from './progress';
import { allTemplatesRead, readTemplateFiles } from './template-files';

/** What files and folders on the command line hold. */
export interface Inputs {
  readonly files: number;
  readonly rules: readonly Rules[];
  readonly routes: readonly Routes[];
  /** What was wrong with files while they were read, and with the routes. */
  readonly findings: readonly Finding[];
}

export interface ReadOptions extends ScanOptions {
  /** Version that each alertmanager.yml is for. @default the one of the manifests */
  readonly alertmanagerVersion?: AlertmanagerVersion;
}

/** One rule file. */
export interface Rules {
  readonly file: RuleFile;
  /** The text that goes to Loki: as it stands, or what a resource becomes. */
  readonly text: string;
}

/** One alertmanager.yml. */
export interface Routes {
  readonly source: SourceText;
  /** Undefined if it has errors. */
  readonly config?: AlertmanagerConfig;
  readonly positions: Positions;
  /** The template files that it names. */
  readonly templates: readonly TemplateFile[];
}

/**
 * Reads everything that the paths name. In a folder, YAML that is about something else is passed over; a file that is
 * named must hold rules or routes.
 *
 * @throws UsageError naming all paths that do not exist
 */
export function readPaths(paths: readonly string[], progress: Progress, options: ReadOptions = {}): Inputs {
  const missing = paths.filter((path) => !existsSync(path) && listYaml(path).length === 0);
  if (missing.length > 0) throw new UsageError(`no such file or folder: ${missing.join(', ')}`);
  const files = paths.flatMap((path) => listYaml(path).map((file) => ({ file, named: resolve(path) === file })));
  const read = files.map(({ file, named }, i) => {
    progress.report('reading', i, files.length);
    return readFile(file, named, options);
  });
  const inputs = joinInputs(read);
  if (inputs.files > 0) return inputs;
  return { ...inputs, findings: paths.map((path) => noRules(path, 'no rules and no alertmanager.yml')) };
}

/** Reads manifests, whatever they are about. */
export function readManifests(paths: readonly string[], options: ReadOptions = {}): Inputs {
  return joinInputs(paths.map((path) => readFile(resolve(path), false, options)));
}

/** All that is wrong with what was read. */
export function checkInputs({ rules, routes, findings }: Inputs, options: CheckOptions): Finding[] {
  const files = rules.map(({ file }) => file);
  return [...findings, ...checkTenantRuleFiles(files, options), ...compareRoutes(rules, routes)];
}

const NOTHING: Inputs = { files: 0, rules: [], routes: [], findings: [] };

function joinInputs(inputs: readonly Inputs[]): Inputs {
  return {
    files: inputs.reduce((sum, { files }) => sum + files, 0),
    rules: inputs.flatMap(({ rules }) => rules),
    routes: inputs.flatMap(({ routes }) => routes),
    findings: inputs.flatMap(({ findings }) => findings),
  };
}

function readFile(path: string, named: boolean, { alertmanagerVersion, ...options }: ReadOptions): Inputs {
  const source = loadText(path);
  if ('id' in source) return { ...NOTHING, files: 1, findings: [source] };
  const { rules, plain, alertmanager, findings } = scanYaml(source, { ...options, target: 'loki' });
  if (rules.length + alertmanager.length + findings.length === 0) {
    return named ? { ...NOTHING, files: 1, findings: [noRules(source.file)] } : NOTHING;
  }
  const routes = alertmanager.map((text) => readRoutes(text, alertmanagerVersion));
  return {
    files: 1,
    rules: rules.map((file) => ({ file, text: plain ? source.text : ruleFileToYaml(file) })),
    routes,
    findings: [...findings, ...routes.flatMap((config) => config.findings)],
  };
}

function readRoutes(
  source: SourceText,
  alertmanagerVersion: AlertmanagerVersion = DEFAULT_ALERTMANAGER,
): Routes & { findings: readonly Finding[] } {
  const { config, positions, findings } = readAlertmanagerConfig(source.text, source.file, alertmanagerVersion);
  const templates = config ? readTemplateFiles(config, source.file) : [];
  const found = [...findings, ...(config ? checkAlertmanagerConfig(config, positions, { alertmanagerVersion }) : [])];
  const called =
    config && allTemplatesRead(config, source.file)
      ? checkTemplateNames(config, templates, positions, alertmanagerVersion)
      : [];
  const all = [
    ...[...found, ...called].map((found) => (found.place?.file === source.file ? placeIn(source, found) : found)),
    ...checkTemplateFiles(templates, alertmanagerVersion),
  ];
  const broken = all.some(({ severity }) => severity === 'error');
  return { source, positions, templates, findings: all, ...(config && !broken && { config }) };
}
