import { CHECKS, type CheckId, type Severity } from '.';

/** Names and indexes that lead to a value: `['route', 'routes', 1, 'matchers']`. */
export type Path = readonly (string | number)[];

/** A place in a file. */
export interface Place {
  /** Path of the file, relative to the working directory. */
  readonly file: string;
  /** Line in the file, from 1. @default not known */
  readonly line?: number;
  /** Column in the line, from 1, in UTF-16 code units. @default not known */
  readonly column?: number;
  /** Offset in the file's text, from 0, in UTF-16 code units. @default not known */
  readonly offset?: number;
}

/** One thing that is wrong, as data: nothing reads its texts but people. */
export interface Finding {
  /** Id of the check, whose page is `docs/checks/<id>.md`. */
  readonly id: CheckId;
  /** An error stops the synthesis; a warning only with `strict`. */
  readonly severity: Severity;
  /** Path of the option, route or rule that it is about, in what was checked; `[]` for the whole of it. */
  readonly path: Path;
  /** The rule, group, receiver or option that it is about, for people: `alert 'HighLogRate' in group 'flood'`. @default none */
  readonly subject?: string;
  /** The problem, and its effect. */
  readonly problem: string;
  /** Instruction that solves it. @default the problem says it */
  readonly fix?: string;
  /** Place in the file that it was read from. @default none, it was not read from a file */
  readonly place?: Place;
  /** Reason of the waiver that it is waived by. Such findings are only returned where they are asked for. @default it is not */
  readonly waived?: string;
}

/** Fields of a finding that are not in the registry. */
type Found = Omit<Finding, 'id' | 'severity' | 'path'> & Partial<Pick<Finding, 'path' | 'severity'>>;

/** A finding of a check, with the severity that the check has. */
export function finding(id: CheckId, found: Found): Finding {
  return { id, severity: CHECKS[id].severity, path: [], ...found };
}

/** Returns the findings that no waiver leaves out. */
export function notWaived(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ waived }) => waived === undefined);
}

/**
 * Returns a finding as one line of text: `rules/flood.yaml:3:9: error: alert 'A' in group 'g': problem: fix [id]`.
 *
 * @example
 * const findings = checkRuleFiles(readRuleFiles('rules'));
 * console.error(findings.map(formatFinding).join('\n'));
 */
export function formatFinding(found: Finding): string {
  const { place, severity, id } = found;
  return `${[...(place ? [formatPlace(place)] : []), severity, formatMessage(found)].join(': ')} [${id}]`;
}

/** Message of a finding, without its place, severity and id. */
export function formatMessage({ subject, problem, fix }: Pick<Finding, 'subject' | 'problem' | 'fix'>): string {
  return [subject, problem, fix].filter((part) => part).join(': ');
}

/** `rules/flood.yaml:3:9` */
export function formatPlace({ file, line, column }: Place): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** `route.routes[0].receiver` */
export function formatPath(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

/** Returns whether a path leads to a value, or to a part of it. */
export function isWithin(path: Path, value: Path): boolean {
  return value.every((key, i) => path[i] === key);
}

/** Sorts findings by file, each from top to bottom; those of one place keep their order. */
export function inFileOrder(findings: readonly Finding[]): Finding[] {
  const files = new Map<string | undefined, number>();
  for (const { place } of findings) if (!files.has(place?.file)) files.set(place?.file, files.size);
  const rank = ({ place }: Finding) => files.get(place?.file) ?? 0;
  return [...findings].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      (a.place?.column ?? 0) - (b.place?.column ?? 0),
  );
}
