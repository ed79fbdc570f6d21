import { dirname, relative, resolve } from 'node:path';
import * as v from 'valibot';
import { type Finding, finding } from '../../checks/findings';
import { assertOptions, optionsOf } from '../../validate/validate';
import { loadText } from '../../yaml/load';
import { sourceText } from '../../yaml/source';
import type { RuleFile } from '../model';
import { withReadFindings } from '../source';
import { withFolderTenants } from '../tenant';
import { type ListOptions, listFiles, listYaml } from './list';
import { type AlertmanagerText, type Scan, type ScanOptions, type Skipped, scanYaml } from './scan';

export type { AlertmanagerText, Scan, ScanOptions, Skipped };
export { listYaml, scanYaml };

/**
 * Reads YAML with rules, in any number of documents: rule files of Loki, the resources AlertingRule and RecordingRule
 * of the Loki operator, PrometheusRule, and ConfigMaps that contain rule files. Never throws: problems of the text are
 * kept with the rules, and `checkRuleFiles` reports them with their places.
 *
 * @param file path for messages; its last part is the name of the rule file
 */
export function readRules(text: string, file: string, options?: ScanOptions): RuleFile[] {
  return rulesOf(scanYaml(sourceText(file, text), options), file);
}

/** Options of `readRuleFiles`. */
export interface ReadRuleFilesOptions {
  /** Folder that the patterns, and the paths in messages, are relative to. @default the working directory */
  readonly cwd?: string;
}

const readOptions = optionsOf<ReadRuleFilesOptions>()({ cwd: v.optional(v.string()) });

/**
 * Reads the rule files that match the patterns, as `readRules` does, in the order of their paths. A pattern is a file,
 * a folder (all `*.yaml` and `*.yml` in it and below) or a glob such as `rules/*.yaml`. Other YAML in folders and globs
 * is skipped. Problems of files are kept with the rules, and the checks report them with their places.
 *
 * @throws Error if the options are invalid
 * @example
 * const rules = readRuleFiles('rules/*.yaml', { cwd: __dirname });
 */
export function readRuleFiles(patterns: string | readonly string[], options: ReadRuleFilesOptions = {}): RuleFile[] {
  assertOptions('readRuleFiles', readOptions, options);
  const { cwd = process.cwd() } = options;
  const read = [patterns].flat().flatMap((pattern) => {
    const { files, unreadable } = scanFiles(pattern, { cwd, language: 'auto' });
    const of = [
      ...unreadable.map((found) => ({ rules: broken(found) })),
      ...files.flatMap(({ path, file, scan, named, unreadable: found }) => {
        if (!scan) return [{ rules: broken(found) }];
        const prometheus = scan.skipped.find(({ kind, isObject }) => kind === 'prometheus-rules' && !isObject);
        const nothing = scan.rules.length + scan.findings.length === 0;
        // Prometheus rules in a folder of rules are reported: skipping them silently would hide a mistake.
        if (nothing && prometheus) return [{ rules: broken(prometheusRules(prometheus)) }];
        if (nothing && !named) return [];
        return rulesOf(scan, file).map((rules) => (isRuleFileItself(scan) ? { rules, path } : { rules }));
      }),
    ];
    return of.length > 0 ? of : [{ rules: broken(noRules(pattern, `no file with rules matches "${pattern}"`)) }];
  });
  return withFolderTenants(read);
}

/** A file that matches a pattern, scanned; or the reason why it could not be read. */
export type ScannedFile = { readonly path: string; readonly file: string; readonly named: boolean } & (
  | { readonly scan: Scan; readonly unreadable?: undefined }
  | { readonly scan?: undefined; readonly unreadable: Finding }
);

/** Options of `scanFiles`. */
export interface ScanFilesOptions extends ListOptions, Omit<ScanOptions, 'inFolder'> {}

/**
 * Scans the files that match a pattern. An empty file counts only if it is named or in a folder with rule files, since
 * Loki reads whole folders.
 */
export function scanFiles(
  pattern: string,
  { exclude, excludedIn, gitignore, cwd = process.cwd(), ...options }: ScanFilesOptions = {},
  onFile: (index: number, total: number) => void = () => {},
): { readonly files: readonly ScannedFile[]; readonly unreadable: readonly Finding[] } {
  const listed = listFiles(pattern, { exclude, excludedIn, gitignore, cwd });
  const files = listed.files.map((path, i): ScannedFile => {
    onFile(i, listed.files.length);
    const named = resolve(cwd, pattern) === path;
    const source = loadText(path, cwd);
    const file = relative(cwd, path);
    if ('id' in source) return { path, file, named, unreadable: source };
    return { path, file, named, scan: scanYaml(source, { ...options, inFolder: !named }) };
  });
  const ruleFolders = new Set(
    files.filter(({ scan }) => scan && isRuleFileItself(scan)).map(({ path }) => dirname(path)),
  );
  const rescan = (each: ScannedFile): ScannedFile => {
    if (each.named || !each.scan) return each;
    if (each.scan.empty && ruleFolders.has(dirname(each.path)))
      return { ...each, scan: scanYaml(sourceText(each.file, ''), { ...options, inFolder: false }) };
    if (!each.scan.undecided || !areForPrometheus(files)) return each;
    const source = loadText(each.path, cwd);
    return 'id' in source
      ? each
      : { ...each, scan: scanYaml(source, { ...options, language: 'promql', inFolder: true }) };
  };
  return {
    files: files.map(rescan),
    unreadable: listed.unreadable.map(({ path, reason }) => unreadableFolder(relative(cwd, path) || '.', reason)),
  };
}

/** True if all rules whose language is known are in PromQL. */
function areForPrometheus(files: readonly ScannedFile[]): boolean {
  const scans = files.flatMap(({ scan }) => scan ?? []);
  const isForLoki = ({ rules, undecided, empty }: Scan) => rules.length > 0 && !undecided && !empty;
  return scans.some(({ skipped }) => skipped.some(({ kind }) => kind === 'prometheus-rules')) && !scans.some(isForLoki);
}

/** True if the text is a rule file of Loki, not a manifest that contains rule files. */
function isRuleFileItself({ plain, empty }: Scan): boolean {
  return plain !== undefined && !empty;
}

function unreadableFolder(file: string, reason: string): Finding {
  const problem = `cannot be read: ${reason}`;
  return finding('unreadable-file', { problem, fix: 'check its permissions, or exclude it', place: { file } });
}

/** Finding for a file or folder without rules. */
export function noRules(file: string, problem = 'no rules: neither "groups" nor a resource with rules'): Finding {
  const fix = 'name a rule file or a folder with rule files; for rules in TypeScript, name the dist folder';
  return finding('no-rules', { problem, fix, place: { file } });
}

/** Finding for a named file that contains something else. */
export function nothingIn(file: string, { skipped }: Scan): Finding {
  const [prometheus] = skipped.filter(({ kind }) => kind === 'prometheus-rules');
  if (prometheus) return prometheusRules(prometheus);
  if (skipped.some(({ kind }) => kind === 'template')) {
    const fix = "check what it renders to, e.g. with 'helm template'";
    return finding('no-rules', { problem: 'no rules: this is a template of manifests', fix, place: { file } });
  }
  const known = skipped.flatMap(({ other }) => other ?? []);
  const [first] = known;
  if (!first || new Set(known.map(({ name }) => name)).size > 1) return noRules(file);
  return finding('no-rules', { problem: `no rules: this is ${first.name}`, fix: first.use, place: { file } });
}

function prometheusRules({ place, evidence }: Skipped): Finding {
  return finding('prometheus-rules', {
    problem: `Prometheus rules, judging by ${evidence}: Loki refuses PromQL`,
    fix: 'leave them out, or check them with --language logql if they are for Loki',
    place,
  });
}

function rulesOf(scan: Scan, file: string): RuleFile[] {
  const { rules, findings } = scan;
  const [first, ...rest] = rules;
  if (first) return [withReadFindings(first, findings), ...rest];
  return [broken(...(findings.length > 0 ? findings : [nothingIn(file, scan)]))];
}

/** Placeholder for a file without rules, which keeps its findings. */
function broken(...findings: Finding[]): RuleFile {
  return withReadFindings({ name: findings[0]?.place?.file ?? '', groups: [] }, findings);
}
