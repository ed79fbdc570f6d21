import { type Finding, formatFinding } from '../findings';

/** What keeps tests from being run, all of it: exit code 2. */
export class BadInput extends Error {
  override readonly name = 'BadInput';

  /** In the order of their places. */
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const sorted = [...findings].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
    super(sorted.map(formatFinding).join('\n'));
    this.findings = sorted;
  }
}
