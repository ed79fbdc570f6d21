import type { Construct } from 'constructs';
import { type Finding, formatFinding } from '../checks/findings';

/**
 * Reports findings: `app.synth()` throws all errors, and warnings are printed.
 * @param strict true to treat warnings as errors
 * @returns true if there are no errors
 */
export function reportFindings(construct: Construct, findings: readonly Finding[], strict = false): boolean {
  const fatal = findings.filter(({ severity }) => severity === 'error' || strict);
  construct.node.addValidation({ validate: () => fatal.map(formatFinding) });
  for (const warning of findings.filter((found) => !fatal.includes(found))) {
    process.stderr.write(`${formatFinding(warning)}\n`);
  }
  return fatal.length === 0;
}
