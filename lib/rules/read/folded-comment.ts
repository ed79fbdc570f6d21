import { isScalar, type Node } from 'yaml';

/** Styles of YAML that join the lines of a text with spaces. */
const FOLDED: ReadonlySet<unknown> = new Set(['BLOCK_FOLDED', 'QUOTE_DOUBLE', 'QUOTE_SINGLE']);

/** A quoted text of LogQL, or the beginning of a comment. */
const QUOTED_OR_COMMENT = /"(?:\\.|[^"\\])*"|`[^`]*`|#/g;

/**
 * Returns the offset of a `#` in an expression, if YAML joins further lines to its line, so that the comment contains
 * them too.
 */
export function foldedComment(node: Node | null, source: string): number | undefined {
  if (!isScalar(node) || typeof node.value !== 'string' || !FOLDED.has(node.type) || !node.range) return undefined;
  const text = node.value;
  const offset = [...text.matchAll(QUOTED_OR_COMMENT)].find(([found]) => found === '#')?.index;
  if (offset === undefined) return undefined;
  const joined = text.slice(offset).split('\n', 1)[0] ?? '';
  const lines = source
    .slice(node.range[0], node.range[1])
    .split('\n')
    .map((line) => line.trim());
  // The comment is longer than its line in the file.
  const written = lines.find((line) => line.includes('#') && joined.startsWith(line.slice(line.indexOf('#'))));
  return written !== undefined && joined.trim().length > written.slice(written.indexOf('#')).length
    ? offset
    : undefined;
}
