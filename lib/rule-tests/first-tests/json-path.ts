/** Keys and indexes of a value in a JSON document. */
export type Path = readonly (string | number)[];

/** Parses an expression of `json field="request.headers[0][\"User-Agent\"]"`. */
export function toPath(expression: string): Path {
  const parts = expression.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g);
  return [...parts].map(([, index, quoted, name = '']) => (index === undefined ? (quoted ?? name) : Number(index)));
}

/** Sets a value in a document, with the objects and lists around it. */
export function setPath(document: Record<string, unknown>, path: Path, value: unknown): void {
  let container = document as Record<string | number, unknown>;
  for (const [i, key] of path.slice(0, -1).entries()) {
    container[key] ??= typeof path[i + 1] === 'number' ? [] : {};
    container = container[key] as Record<string | number, unknown>;
  }
  const last = path.at(-1);
  if (last !== undefined) container[last] = value;
}
