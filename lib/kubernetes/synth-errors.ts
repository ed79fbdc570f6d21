import type { IConstruct } from 'constructs';

/**
 * Throws the errors that `app.synth()` would report, if there are any: for code that cannot continue with invalid
 * options, and whose own error would hide them.
 *
 * @throws Error with the errors of the whole app
 */
export function throwSynthErrors(construct: IConstruct): void {
  const errors = construct.node.root.node
    .findAll()
    .flatMap(({ node }) => node.validate().map((error) => `[${node.path}] ${error}`));
  if (errors.length > 0) throw new Error(`Validation failed with the following errors:\n  ${errors.join('\n  ')}`);
}
