import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkAlertmanagerConfig } from '../alertmanager/check';
import type { AlertmanagerConfig } from '../alertmanager/config';
import { readAlertmanagerConfig } from '../alertmanager/read';
import type { Finding } from '../findings';
import type { RuleFile } from '../rules/model';
import { listYaml, loadText, noRules, type SourceText, scanYaml } from '../rules/read';
import { ruleFileToYaml } from '../rules/write';
import { UsageError } from './exit-codes';
import type { Progress } from './progress';

/** What files and folders on the command line hold. */
export interface Inputs {
  readonly files: number;
  readonly rules: readonly Rules[];
  readonly routes: readonly Routes[];
  /** What was wrong with files while they were read, and with the routes. */
  readonly findings: readonly Finding[];
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
}

/**
 * Reads everything that the paths name. In a folder, YAML that is about something else is passed over; a file that is
 * named must hold rules or routes.
 *
 * @throws UsageError naming all paths that do not exist
 */
export function readInputs(paths: readonly string[], progress: Progress): Inputs {
  const missing = paths.filter((path) => !existsSync(path) && listYaml(path).length === 0);
  if (missing.length > 0) throw new UsageError(`no such file or folder: ${missing.join(', ')}`);
  const read = { files: 0, rules: [] as Rules[], routes: [] as Routes[], findings: [] as Finding[] };
  const files = paths.flatMap((path) => listYaml(path).map((file) => ({ file, named: resolve(path) === file })));
  for (const [i, { file, named }] of files.entries()) {
    progress.report('reading', i, files.length);
    readInput(file, named, read);
  }
  for (const path of paths) {
    const nothing = read.files === 0 && statSync(path, { throwIfNoEntry: false })?.isDirectory();
    if (nothing) read.findings.push(noRules(path, 'holds no rules and no alertmanager.yml'));
  }
  return read;
}

function readInput(
  path: string,
  named: boolean,
  into: { files: number; rules: Rules[]; routes: Routes[]; findings: Finding[] },
) {
  const source = loadText(path);
  if ('id' in source) {
    into.files++;
    into.findings.push(source);
    return;
  }
  const { rules, plain, alertmanager, findings } = scanYaml(source, { target: 'loki' });
  const nothing = rules.length + alertmanager.length + findings.length === 0;
  if (nothing && !named) return;
  into.files++;
  into.rules.push(...rules.map((file) => ({ file, text: plain ? source.text : ruleFileToYaml(file) })));
  into.findings.push(...findings, ...(nothing ? [noRules(source.file)] : []));
  for (const text of alertmanager) {
    const routes = readRoutes(text);
    into.routes.push(routes);
    into.findings.push(...routes.findings);
  }
}

function readRoutes(source: SourceText): Routes & { findings: readonly Finding[] } {
  const { config, positions, findings } = readAlertmanagerConfig(source.text, source.file);
  const all = [...findings, ...(config ? checkAlertmanagerConfig(config, positions) : [])];
  const broken = all.some(({ severity }) => severity === 'error');
  return { source, findings: all.map((finding) => placeIn(source, finding)), ...(config && !broken && { config }) };
}

/** A text inside another one counts its lines from its own start. */
function placeIn(source: SourceText, finding: Finding): Finding {
  if (finding.line === undefined) return finding;
  const before = source.text.split('\n', finding.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  return { ...finding, ...source.placeAt(before + (finding.column ?? 1) - 1) };
}
