import type { Construct } from 'constructs';
import { type Finding, formatFinding } from '../checks/findings';

/**
 * Lets `app.synth()` fail with the findings that are errors, and with `strict` also with warnings; prints the others.
 *
 * @returns true if it will fail
 */
export function report(
  construct: Construct,
  findings: readonly Finding[],
  props: { readonly strict?: boolean } | undefined,
): boolean {
  const fatal = findings.filter(({ severity }) => severity === 'error' || props?.strict);
  construct.node.addValidation({ validate: () => fatal.map(formatFinding) });
  for (const warning of findings.filter((finding) => !fatal.includes(finding))) {
    process.stderr.write(`${formatFinding(warning)}\n`);
  }
  return fatal.length > 0;
}
