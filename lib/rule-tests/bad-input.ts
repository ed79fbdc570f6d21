import { type Finding, formatFinding, inFileOrder } from '../checks/findings';

/** All findings that prevent tests from running: exit code 2. */
export class BadInput extends Error {
  override readonly name = 'BadInput';

  /** Findings in file order. */
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const sorted = inFileOrder(findings);
    super(sorted.map(formatFinding).join('\n'));
    this.findings = sorted;
  }
}
