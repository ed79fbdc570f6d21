import { type Finding, formatFinding, inFileOrder } from '../checks/findings';

/** What keeps tests from being run, all of it: exit code 2. */
export class BadInput extends Error {
  override readonly name = 'BadInput';

  /** In the order of their places. */
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const sorted = inFileOrder(findings);
    super(sorted.map(formatFinding).join('\n'));
    this.findings = sorted;
  }
}
