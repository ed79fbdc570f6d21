import { CHECKS, type CheckId, type Severity } from '.';

/** Keys and indexes of a value: `['route', 'routes', 1, 'matchers']`. */
export type Path = readonly (string | number)[];

/** A place in a file. */
export interface Place {
  /** Path of the file, relative to the working directory. */
  readonly file: string;
  /** Line in the file, from 1. @default unknown */
  readonly line?: number;
  /** Column in the line, from 1, in UTF-16 code units. @default unknown */
  readonly column?: number;
  /** Offset in the file's text, from 0, in UTF-16 code units. @default unknown */
  readonly offset?: number;
}

/** A problem as data. Its texts are for display only. */
export interface Finding {
  /** Id of the check, whose page is `docs/checks/<id>.md`. */
  readonly id: CheckId;
  /** Severity: an error stops synthesis; a warning only with `strict`. */
  readonly severity: Severity;
  /** Path of the option, route or rule in the object that was checked; `[]` for the whole object. */
  readonly path: Path;
  /** Rule, group, receiver or option, for display: `alert 'HighLogRate' in group 'flood'`. @default none */
  readonly subject?: string;
  /** Problem, and its effect. */
  readonly problem: string;
  /** Instruction that solves it. @default none, the problem says it */
  readonly fix?: string;
  /** Place in a file. @default none, it was not read from a file */
  readonly place?: Place;
  /** Reason of its waiver. Waived findings are only returned with `keepWaived`. @default none, it is not waived */
  readonly waived?: string;
}

/** Fields of a finding that do not follow from its id. */
type Found = Omit<Finding, 'id' | 'severity' | 'path'> & Partial<Pick<Finding, 'path' | 'severity'>>;

/** Returns a finding of a check, with the severity of the check. */
export function finding(id: CheckId, found: Found): Finding {
  return { id, severity: CHECKS[id].severity, path: [], ...found };
}

/** A problem with its effect, and what to do. */
export type Diagnosis = Pick<Finding, 'problem' | 'fix'>;

/** Returns the findings that are not waived. */
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

/** True if a path leads to a value, or to a part of it. */
export function isWithin(path: Path, value: Path): boolean {
  return value.every((key, i) => path[i] === key);
}

/** Sorts findings by file, line and column; findings of the same place keep their order. */
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
