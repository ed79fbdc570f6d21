import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import * as v from 'valibot';
import {
  type Finding,
  finding,
  formatFinding,
  formatPath,
  inFileOrder,
  type Path,
  type Place,
} from '../../checks/findings';
import { diagnosisOf } from '../../validate/validate';
import { loadText } from '../../yaml/load';
import { locate } from '../../yaml/nodes';
import { OWN_YAML, parseYaml, type YamlDocument } from '../../yaml/parse';
import { plainValue } from '../../yaml/plain';
import type { SourceText } from '../../yaml/source';
import { UsageError } from '../exit-codes';
import { type Config, configSchema } from './schema';

/** Name of the configuration file. */
export const CONFIG_FILE = 'loki-alerts.yaml';

/** A configuration with the file that it was read from. */
export interface SourcedConfig {
  readonly config: Config;
  /** Path of the file, relative to the working folder. @default none, there is no configuration */
  readonly file?: string;
  /** Absolute path of the folder that the paths in the configuration are relative to. */
  readonly folder: string;
  /** Returns the place of a part of the configuration. */
  placeOf(path: Path): Place | undefined;
}

/** Returns the configuration of a project without one. */
export function noConfig(cwd = process.cwd()): SourcedConfig {
  return { config: {}, folder: cwd, placeOf: () => undefined };
}

/**
 * Reads the configuration of a folder: the nearest `loki-alerts.yaml` in it or above it, up to the root of the
 * repository.
 *
 * @param path path of the configuration @default it is searched for
 * @param from folder in which the search starts @default the working folder
 * @throws UsageError with all findings on the configuration, and if `path` cannot be read
 */
export function readConfig(path?: string, from = process.cwd()): SourcedConfig {
  const file = path ?? findConfig(from);
  if (file === undefined) return noConfig();
  const { findings, ...sourced } = parsedConfig(resolve(file));
  if (findings.length > 0) throw new UsageError(`invalid configuration\n${findings.map(formatFinding).join('\n')}`);
  return sourced;
}

/** Returns the path of the nearest configuration; undefined if there is none. */
function findConfig(from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const path = join(at, CONFIG_FILE);
    if (existsSync(path)) return path;
    if (existsSync(join(at, '.git')) || at === dirname(at)) return undefined;
  }
}

/** Reads a configuration, and returns all findings on it. */
export function parsedConfig(path: string): SourcedConfig & { readonly findings: readonly Finding[] } {
  const source = loadText(path);
  const empty = { config: {}, folder: dirname(path), placeOf: () => undefined };
  if ('id' in source) return { ...empty, findings: [{ ...source, id: 'config' }] };
  const { documents, problems } = parseYaml(source.text, OWN_YAML);
  const [document, second] = documents;
  const plain = document && problems.length === 0 ? plainValue(document) : undefined;
  const broken = [
    ...problems,
    ...(plain?.problems ?? []),
    ...(second ? [{ problem: 'second YAML document', fix: 'remove it', offset: second.offset }] : []),
  ];
  if (broken.length > 0) {
    const findings = broken.map(({ problem, fix, offset }) =>
      finding('config', { problem: `invalid YAML: ${problem}`, fix, place: source.placeAt(offset) }),
    );
    return { ...empty, findings };
  }
  const placeOf = (target: Path, ofKey = false) => placeIn(source, document, target, ofKey);
  const parsed = v.safeParse(configSchema, plain?.value ?? {});
  return {
    config: parsed.success ? parsed.output : {},
    file: source.file || relative(process.cwd(), path),
    folder: dirname(path),
    placeOf,
    findings: inFileOrder((parsed.issues ?? []).map((issue) => invalid(issue, placeOf))),
  };
}

function placeIn(source: SourceText, document: YamlDocument | undefined, target: Path, ofKey: boolean): Place {
  if (!document) return source.placeAt(0);
  const { node, keyNode, depth } = locate(document, target);
  const shown = ofKey && depth === target.length ? (keyNode ?? node) : (node ?? keyNode);
  return source.placeAt(shown?.range?.[0] ?? 0);
}

function invalid(issue: v.BaseIssue<unknown>, placeOf: (path: Path, ofKey: boolean) => Place): Finding {
  const { path = [] as never } = issue;
  // Valibot takes a list for a map with numbers as keys.
  const list = path.findIndex((item) => item.type === 'object' && Array.isArray(item.input));
  const target = (list < 0 ? path : path.slice(0, list)).map(({ key }) => key as string | number);
  const subject = target.length > 0 ? `'${formatPath(target)}'` : 'the file';
  if (list >= 0) {
    const problem = 'must be a map, not a list';
    return finding('config', { path: target, subject, problem, place: placeOf(target, false) });
  }
  const ofKey = path.at(-1)?.origin === 'key' || issue.expected === 'never';
  const { problem, fix } = diagnosisOf(issue.message);
  const { input } = issue;
  const shown = issue.type === 'strict_object' || (typeof input === 'object' && input !== null);
  return finding('config', {
    path: target,
    subject,
    problem: shown ? problem : `${JSON.stringify(input)} ${problem}`,
    fix,
    place: placeOf(target, ofKey),
  });
}
