/** How bad a finding is: an error stops synthesis, a warning is shown (and stops it under `--strict`). */
export type Severity = 'error' | 'warning';

/** One thing that is wrong with a rule, a route or an option, and where. */
export interface Finding {
  /** Stable id of the check, kebab-case, for instance `logql-syntax`. Its section in docs/checks.md has the same name. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong, why it matters and what to write instead, in this order. */
  readonly message: string;
  /** The rule, group, receiver or option it is about, for instance `alert 'HighLogRate' in group 'flood'`. */
  readonly subject?: string;
  /** File that it was read from, relative to the working directory. */
  readonly file?: string;
  /** Line in `file`, from 1. */
  readonly line?: number;
  /** Column in `line`, from 1, in UTF-16 code units. */
  readonly column?: number;
}

/**
 * A finding as one line of text: `rules/flood.yaml:3:9: error: alert 'A' in group 'g': … [logql-syntax]`.
 */
export function formatFinding(finding: Finding): string {
  const place = [finding.file, finding.line, finding.column].filter((part) => part !== undefined).join(':');
  const parts = [place, finding.severity, finding.subject, finding.message].filter((part) => part);
  return `${parts.join(': ')} [${finding.id}]`;
}
