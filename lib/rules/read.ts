import { readFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { type Finding, finding } from '../findings';
import type { RuleFile } from './model';
import { type Scan, type ScanOptions, scanYaml } from './read/scan';
import { decodeText, MAX_FILE_BYTES, type SourceText, sourceText, tooLarge } from './read/yaml-text';
import { withReadFindings } from './source';

export type { Scan, ScanOptions, SourceText };
export { scanYaml, sourceText };

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

/**
 * Reads the rule files that match the patterns, as `readRules` does, in the order of their paths. A pattern is a file, a
 * folder (all `*.yaml` and `*.yml` in it and below) or a glob such as `rules/*.yaml`. In folders and globs, YAML that is
 * about something else is passed over.
 *
 * @param cwd folder that the patterns, and the paths in messages, are relative to @default process.cwd()
 */
export function readRuleFiles(patterns: string | readonly string[], cwd = process.cwd()): RuleFile[] {
  return [patterns].flat().flatMap((pattern) => {
    const named = resolve(cwd, pattern);
    const files = listYaml(pattern, cwd).flatMap((path) => {
      const source = loadText(path, cwd);
      if ('id' in source) return [broken(source)];
      const scan = scanYaml(source);
      const holdsNothing = scan.rules.length + scan.findings.length === 0;
      return holdsNothing && path !== named ? [] : rulesOf(scan, source.file);
    });
    return files.length > 0 ? files : [broken(noRules(pattern, `no file with rules matches "${pattern}"`))];
  });
}

/** Name of a file that is a program in TypeScript or JavaScript. */
export const MODULE = /\.[cm]?[jt]s$/;

/** Paths of the YAML files that a file name, a folder or a glob means, sorted. Test files of rules are not among them. */
export function listYaml(pattern: string, cwd = process.cwd()): string[] {
  const stats = statSync(resolve(cwd, pattern), { throwIfNoEntry: false });
  if (stats && !stats.isDirectory()) return [resolve(cwd, pattern)];
  const options = { absolute: true, ignore: ['**/node_modules/**', '**/*.test.{yaml,yml}'] };
  const found = stats
    ? globSync('**/*.{yaml,yml}', { ...options, cwd: resolve(cwd, pattern) })
    : globSync(pattern, { ...options, cwd });
  return found.sort();
}

/** A file as text, or what keeps it from being read. */
export function loadText(path: string, cwd = process.cwd()): SourceText | Finding {
  const file = relative(cwd, path);
  if (MODULE.test(path)) {
    return finding('unreadable-file', {
      problem: 'expected YAML, got a program',
      fix: `check the dist that it writes, or export its rules: npx loki-alerts rules export ${file} --out yaml`,
      place: { file },
    });
  }
  try {
    const { size } = statSync(path);
    return size > MAX_FILE_BYTES ? tooLarge(file, size) : decodeText(file, readFileSync(path));
  } catch (error) {
    const problem = `cannot be read: ${(error as Error).message}`;
    return finding('unreadable-file', { problem, fix: 'check that it exists, and its permissions', place: { file } });
  }
}

/** The finding on a file or folder without rules. */
export function noRules(file: string, problem = 'no rules: neither "groups" nor a resource with rules'): Finding {
  const fix = 'name a rule file, or a folder with some; for rules in TypeScript, name dist';
  return finding('no-rules', { problem, fix, place: { file } });
}

function rulesOf({ rules: [first, ...rest], findings }: Scan, file: string): RuleFile[] {
  if (first) return [withReadFindings(first, findings), ...rest];
  return [broken(...(findings.length > 0 ? findings : [noRules(file)]))];
}

/** Stands for a file that gave no rules, so that its findings are not lost. */
function broken(...findings: Finding[]): RuleFile {
  return withReadFindings({ name: findings[0]?.place?.file ?? '', groups: [] }, findings);
}
