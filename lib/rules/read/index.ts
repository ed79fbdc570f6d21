import { dirname, relative, resolve } from 'node:path';
import * as v from 'valibot';
import { type Finding, finding } from '../../checks/findings';
import { assertOptions, optionsOf } from '../../validate/validate';
import { loadText } from '../../yaml/load';
import { type SourceText, sourceText } from '../../yaml/source';
import type { RuleFile } from '../model';
import { withReadFindings } from '../source';
import { type ListOptions, listFiles, listYaml } from './list';
import { type AlertmanagerText, type PassedOver, type Scan, type ScanOptions, scanYaml } from './scan';

export type { AlertmanagerText, PassedOver, Scan, ScanOptions };
export { listYaml, scanYaml };

/**
 * Reads YAML with rules, in any number of documents: rule files of Loki, the resources AlertingRule and RecordingRule of
 * the Loki operator, PrometheusRule, and ConfigMaps that hold rule files. Never throws: what is wrong with the text goes
 * along with the rules, and `checkRuleFiles` reports it with its place.
 *
 * @param file path for messages; its last part names the rule file
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
 * Reads the rule files that match the patterns, as `readRules` does, in the order of their paths. A pattern is a file, a
 * folder (all `*.yaml` and `*.yml` in it and below) or a glob such as `rules/*.yaml`. In folders and globs, YAML that is
 * about something else is passed over. What is wrong with files goes along with the rules, and the checks report it with
 * its place.
 *
 * @throws Error if the options are not an object with these names
 * @example
 * const rules = readRuleFiles('rules/*.yaml', { cwd: __dirname });
 */
export function readRuleFiles(patterns: string | readonly string[], options: ReadRuleFilesOptions = {}): RuleFile[] {
  assertOptions('readRuleFiles', readOptions, options);
  const { cwd = process.cwd() } = options;
  return [patterns].flat().flatMap((pattern) => {
    const { files, unreadable } = scanFiles(pattern, { cwd, language: 'auto' });
    const read = [
      ...unreadable.map((found) => broken(found)),
      ...files.flatMap(({ file, scan, named, unreadable: found }) => {
        if (!scan) return [broken(found)];
        const prometheus = scan.passedOver.find(({ kind, isObject }) => kind === 'prometheus-rules' && !isObject);
        const nothing = scan.rules.length + scan.findings.length === 0;
        // In a folder of rules, those of Prometheus would be missed if nothing was said.
        if (nothing && prometheus) return [broken(prometheusRules(prometheus))];
        return nothing && !named ? [] : rulesOf(scan, file);
      }),
    ];
    return read.length > 0 ? read : [broken(noRules(pattern, `no file with rules matches "${pattern}"`))];
  });
}

/** A file of a pattern, scanned; or why it could not be read. */
export type ScannedFile = { readonly path: string; readonly file: string; readonly named: boolean } & (
  | { readonly scan: Scan; readonly source: SourceText; readonly unreadable?: undefined }
  | { readonly scan?: undefined; readonly unreadable: Finding }
);

/** Options of reading files and folders. */
export interface ScanFilesOptions extends ListOptions, Omit<ScanOptions, 'inFolder'> {}

/**
 * Scans the files that a pattern means. An empty file counts only where it was named or lies among rule files, since
 * Loki reads a whole folder.
 */
export function scanFiles(
  pattern: string,
  { exclude, gitignore, cwd = process.cwd(), ...options }: ScanFilesOptions = {},
  onFile: (index: number, total: number) => void = () => {},
): { readonly files: readonly ScannedFile[]; readonly unreadable: readonly Finding[] } {
  const listed = listFiles(pattern, { exclude, gitignore, cwd });
  const files = listed.files.map((path, i): ScannedFile => {
    onFile(i, listed.files.length);
    const named = resolve(cwd, pattern) === path;
    const source = loadText(path, cwd);
    const file = relative(cwd, path);
    if ('id' in source) return { path, file, named, unreadable: source };
    return { path, file, named, source, scan: scanYaml(source, { ...options, inFolder: !named }) };
  });
  const ruleFolders = new Set(
    files.filter(({ scan }) => scan && isRuleFileItself(scan)).map(({ path }) => dirname(path)),
  );
  return {
    files: files.map((each) =>
      each.scan?.empty && !each.named && ruleFolders.has(dirname(each.path))
        ? { ...each, scan: scanYaml(each.source, { ...options, inFolder: false }) }
        : each,
    ),
    unreadable: listed.unreadable.map(({ path, reason }) => unreadableFolder(relative(cwd, path) || '.', reason)),
  };
}

/** Whether the text is a rule file of Loki, and no manifest with some. */
function isRuleFileItself({ plain, empty }: Scan): boolean {
  return plain && !empty;
}

function unreadableFolder(file: string, reason: string): Finding {
  const problem = `cannot be read: ${reason}`;
  return finding('unreadable-file', { problem, fix: 'check its permissions, or leave it out', place: { file } });
}

/** The finding on a file or folder without rules. */
export function noRules(file: string, problem = 'no rules: neither "groups" nor a resource with rules'): Finding {
  const fix = 'name a rule file or a folder with rule files; for rules in TypeScript, name dist';
  return finding('no-rules', { problem, fix, place: { file } });
}

/** The finding on a file that was named and is something else. */
export function nothingIn(file: string, { passedOver }: Scan): Finding {
  const [prometheus] = passedOver.filter(({ kind }) => kind === 'prometheus-rules');
  if (prometheus) return prometheusRules(prometheus);
  if (passedOver.some(({ kind }) => kind === 'template')) {
    const fix = "check what it renders to, e.g. with 'helm template'";
    return finding('no-rules', { problem: 'no rules: it is a template of manifests', fix, place: { file } });
  }
  const known = passedOver.flatMap(({ other }) => other ?? []);
  const [first] = known;
  if (!first || new Set(known.map(({ name }) => name)).size > 1) return noRules(file);
  return finding('no-rules', { problem: `no rules: it is ${first.name}`, fix: first.use, place: { file } });
}

function prometheusRules({ place, evidence }: PassedOver): Finding {
  return finding('prometheus-rules', {
    problem: `rules of Prometheus, judging by ${evidence}: Loki refuses PromQL`,
    fix: 'leave them to Prometheus, or check them with --language logql if they are meant for Loki',
    place,
  });
}

function rulesOf(scan: Scan, file: string): RuleFile[] {
  const { rules, findings } = scan;
  const [first, ...rest] = rules;
  if (first) return [withReadFindings(first, findings), ...rest];
  return [broken(...(findings.length > 0 ? findings : [nothingIn(file, scan)]))];
}

/** Stands for a file that gave no rules, so that its findings are not lost. */
function broken(...findings: Finding[]): RuleFile {
  return withReadFindings({ name: findings[0]?.place?.file ?? '', groups: [] }, findings);
}
