import { substituteDefaults, variablesIn } from '../credentials';
import { parseYaml } from '../yaml/parse';
import { type SourceText, sourceText } from '../yaml/source';

/** A text in which variables with a default are replaced, and lines of the report on them. */
export interface Rendered {
  readonly source: SourceText;
  readonly left: readonly string[];
}

/** A plain value with a variable in a flow collection, where its braces are not valid YAML. */
const PLAIN = /([:,[]\s+|\[)((?:[^\s"'{}[\],#$]|\$(?!\{))*\$\{\w+\}(?:[^\s"'{}[\],]|\$\{\w+\})*)(?=\s*[,}\]])/g;

/**
 * Renders the source of a configuration, from which envsubst, Flux or docker-compose generates it: replaces variables
 * that have a default, and quotes the others if the text is not valid YAML otherwise.
 */
export function rendered({ file, text, placeAt }: SourceText): Rendered {
  const { text: filled, taken } = substituteDefaults(text);
  const isValid = parseYaml(filled).documents.every(({ problems }) => problems.length === 0);
  const quoted = isValid ? filled : filled.replace(PLAIN, '$1"$2"');
  const lines = lineStarts(text);
  const at = sourceText(file, quoted).placeAt;
  return {
    // Columns differ from those of the original.
    source: { file, text: quoted, placeAt: (offset) => placeAt(lines[(at(offset).line ?? 1) - 1] ?? 0) },
    left: taken.flatMap(variablesIn).map((name) => replacedByDefault(name, file)),
  };
}

/** Returns the line of the report on a variable. */
export function replacedByDefault(name: string, file: string): string {
  return `variable ${name} in ${file}: replaced by its default`;
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
