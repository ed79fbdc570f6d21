import { relative } from 'node:path';
import { listItems } from '../kubernetes-objects/objects';
import { textsOf } from '../kubernetes-objects/texts';
import { isAlert, type RuleFile } from '../rules/model';
import { listYaml } from '../rules/read';
import { formatDuration, prometheusOrGoDurationNs } from '../text/duration';
import { loadText } from '../yaml/load';
import { parseYaml } from '../yaml/parse';
import { plainValue } from '../yaml/plain';
import type { SourceText } from '../yaml/source';

/** The evaluation interval of a ruler, and the file that sets it. */
export interface RulerInterval {
  /** Prometheus duration. */
  readonly interval: string;
  readonly file: string;
}

const NS_PER_MS = 1_000_000n;

/**
 * Returns the `evaluation_interval` in configurations of Loki in YAML files: a file of its own, or a text in a ConfigMap
 * or Secret. Undefined if there is none, or if there are different ones.
 */
export function rulerInterval(patterns: string | readonly string[], cwd = process.cwd()): RulerInterval | undefined {
  const paths = [patterns].flat().flatMap((pattern) => listYaml(pattern, cwd));
  const found = paths.flatMap((path): RulerInterval[] => {
    const source = loadText(path, cwd);
    if ('id' in source || !/evaluation_interval|Secret/.test(source.text)) return [];
    return intervalsIn(source).map((interval) => ({ interval, file: relative(cwd, path) || path }));
  });
  return new Set(found.map(({ interval }) => interval)).size === 1 ? found[0] : undefined;
}

/** Returns the intervals in a YAML text, and in the ConfigMaps and Secrets in it. */
function intervalsIn(source: SourceText): string[] {
  const { documents, problems } = parseYaml(source.text);
  if (problems.length > 0) return [];
  return documents.flatMap((document) => {
    const { ruler } = (plainValue(document).value ?? {}) as {
      readonly ruler?: { readonly evaluation_interval?: unknown };
    };
    const ns = prometheusOrGoDurationNs(String(ruler?.evaluation_interval));
    if (ns !== undefined && ns > 0n) return [formatDuration(Number(ns / NS_PER_MS))];
    const objects = listItems(document) ?? [document];
    return objects.flatMap((object) => textsOf(object, source).texts).flatMap(({ text }) => intervalsIn(text));
  });
}

/** True if a group with alerts has no interval of its own. */
export function usesDefaultInterval(files: readonly RuleFile[]): boolean {
  return files.some(({ groups }) =>
    groups.some(({ interval, rules }) => interval === undefined && rules.some(isAlert)),
  );
}
