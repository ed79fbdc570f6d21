import { type Finding, formatFinding, formatMessage, formatPlace } from '../checks/findings';
import type { Note } from '../lint/input-model';
import { githubAnnotation } from '../text/github';
import { sarifLog } from './sarif';

/** Numbers of what was checked. */
export interface Totals {
  readonly files: number;
  readonly rules: number;
}

/** Output formats: for people, programs, code scanning, and GitHub pull requests. */
export const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
export type Format = (typeof FORMATS)[number];

/** Returns the findings as text, without a trailing newline. */
export function formatFindings(
  format: Format,
  findings: readonly Finding[],
  totals: Totals,
  notes: readonly Note[] = [],
): string {
  switch (format) {
    case 'text':
      return [...findings.map(formatFinding), ...notes.map(formatNote), summary(findings, totals)].join('\n');
    case 'json':
      return JSON.stringify({ findings, ...(notes.length > 0 && { notes }) }, null, 2);
    case 'sarif':
      return JSON.stringify(
        sarifLog([...findings, ...notes.map((note) => ({ ...note, severity: 'note' as const }))]),
        null,
        2,
      );
    case 'github':
      return [
        ...findings.map(githubCommand),
        ...notes.map((note) => githubCommand({ ...note, severity: 'notice' })),
        summary(findings, totals),
      ].join('\n');
  }
}

function formatNote(note: Note): string {
  const { place, id } = note;
  return `${[...(place ? [formatPlace(place)] : []), 'note', formatMessage(note)].join(': ')} [${id}]`;
}

/** Returns a summary such as `2 errors, 1 warning in 3 files with 12 rules`. */
function summary(findings: readonly Finding[], { files, rules }: Totals): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const found = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(findings.length > errors ? [count(findings.length - errors, 'warning')] : []),
  ];
  return `${found.join(', ') || 'no problems'} in ${count(files, 'file')} with ${count(rules, 'rule')}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function githubCommand(found: Note & { readonly severity: Finding['severity'] | 'notice' }): string {
  return githubAnnotation({ kind: found.severity, title: found.id, message: formatMessage(found), place: found.place });
}
