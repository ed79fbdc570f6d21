import { basename } from 'node:path';
import { type Finding, formatMessage, formatPlace } from '../checks/findings';
import type { Note } from '../lint/input-model';
import { githubAnnotation } from '../text/github';
import { type Paint, plain } from '../text/paint';
import { table } from '../text/table';
import { Excerpts } from './excerpt';
import { sarifLog } from './sarif';

/** Numbers of what was checked. */
export interface Totals {
  readonly files: number;
  readonly rules: number;
}

/** Output formats: for people, programs, code scanning, and GitHub pull requests. */
export const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
export type Format = (typeof FORMATS)[number];

/** Contents of a report besides the findings. */
export interface ReportOptions {
  readonly totals: Totals;
  /** @default none */
  readonly notes?: readonly Note[];
  /** True for findings alone, one line each, in the format `text`. @default false */
  readonly quiet?: boolean;
  /** Colors of the format `text`. @default none */
  readonly paint?: Paint;
  /** Columns of the terminal. @default 120 */
  readonly columns?: number;
  /** Text of standard input, for its excerpts. @default none */
  readonly stdin?: string;
}

/** Maximum number of findings in the format `text`: more than anyone reads, and a log that CI services still show. */
const MAX_SHOWN = 1000;

/** Maximum number of files in the summary. */
const MAX_FILES = 10;

/** Returns the findings as text, without a trailing newline. */
export function formatFindings(format: Format, findings: readonly Finding[], options: ReportOptions): string {
  const { notes = [], totals } = options;
  switch (format) {
    case 'text':
      return text(findings, options);
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
        summary(findings, totals, plain),
      ].join('\n');
  }
}

function text(findings: readonly Finding[], options: ReportOptions): string {
  const { totals, notes = [], quiet = false, paint = plain, columns, stdin } = options;
  if (quiet) return findings.map((found) => findingLine(found, found.severity, paint)).join('\n');
  const excerpts = new Excerpts(paint, stdin, columns);
  const shown = firstOf(findings);
  const more = findings.length - shown.length;
  return [
    ...shown.flatMap((found) => [
      findingLine(found, found.severity, paint),
      ...(found.place ? excerpts.at(found.place, found.id) : []),
    ]),
    ...(more > 0 ? [`… and ${count(more, 'more finding')}: --format json lists all`] : []),
    ...notes.map((note) => findingLine(note, 'note', paint)),
    ...byFile(findings, paint),
    summary(findings, totals, paint),
  ].join('\n');
}

/** The findings to show: errors take precedence if there are too many. */
function firstOf(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_SHOWN) return findings;
  const bySeverity = [...findings.filter(isError), ...findings.filter((found) => !isError(found))];
  const shown = new Set(bySeverity.slice(0, MAX_SHOWN));
  return findings.filter((found) => shown.has(found));
}

const COLORS = { error: 'red', warning: 'yellow', note: 'cyan' } as const;

/** `rules/flood.yaml:3:9: error: alert 'A' in group 'g': problem: fix [id]` */
function findingLine(found: Note, level: keyof typeof COLORS, paint: Paint): string {
  const { place, id, subject } = found;
  // The line starts with the file name.
  const file = place && ` of '${basename(place.file)}'`;
  const short = file !== undefined && subject?.endsWith(file) ? subject.slice(0, -file.length) : subject;
  const parts = [
    ...(place ? [paint('bold', formatPlace(place))] : []),
    paint(COLORS[level], level),
    formatMessage({ ...found, subject: short }),
  ];
  return `${parts.join(': ')} ${paint('dim', `[${id}]`)}`;
}

/** Numbers of findings of each file, if there are several files. */
function byFile(findings: readonly Finding[], paint: Paint): string[] {
  const files = new Map<string, Finding[]>();
  for (const found of findings) {
    const file = found.place?.file ?? '';
    const own = files.get(file);
    if (own) own.push(found);
    else files.set(file, [found]);
  }
  if (files.size < 2) return [];
  const sorted = [...files].sort(([, a], [, b]) => b.length - a.length);
  const rows = sorted.slice(0, MAX_FILES).map(([file, own]) => [file || '(no file)', counts(own).join(', ')]);
  const more = files.size - rows.length;
  return ['', paint('dim', table(rows)), ...(more > 0 ? [paint('dim', `and ${count(more, 'more file')}`)] : [])];
}

/** Returns a summary such as `2 errors, 1 warning in 3 files with 12 rules`. */
function summary(findings: readonly Finding[], { files, rules }: Totals, paint: Paint): string {
  const color = findings.some(isError) ? 'red' : findings.length > 0 ? 'yellow' : 'green';
  const found = counts(findings).join(', ') || 'no problems';
  return `${paint(color, found)} in ${count(files, 'file')} with ${count(rules, 'rule')}`;
}

function counts(findings: readonly Finding[]): string[] {
  const errors = findings.filter(isError).length;
  return [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(findings.length > errors ? [count(findings.length - errors, 'warning')] : []),
  ];
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function githubCommand(found: Note & { readonly severity: Finding['severity'] | 'notice' }): string {
  return githubAnnotation({ kind: found.severity, title: found.id, message: formatMessage(found), place: found.place });
}
