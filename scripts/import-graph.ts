import { dirname, posix } from 'node:path';
import ts from 'typescript';

/** Imports of each node. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Returns the imports of each file, including types. Keys are paths relative to the repository. */
export function importsOf(sources: ReadonlyMap<string, string>): Graph {
  return new Map(
    [...sources].map(([file, text]) => {
      const specifiers = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
      const files = specifiers
        .filter((specifier) => specifier.startsWith('.'))
        .flatMap((specifier) => {
          const path = posix.join(dirname(file), specifier);
          return [path, `${path}.ts`, `${path}.js`, `${path}/index.ts`].find((each) => sources.has(each)) ?? [];
        });
      return [file, new Set(files)];
    }),
  );
}

/** Returns the room of a file: a folder of `lib`, a top-level folder, or a top-level file itself. */
export function roomOf(file: string): string {
  const [top, folder] = file.split('/') as [string, string | undefined];
  if (top !== 'lib' || folder === undefined) return top;
  return `lib/${folder}`;
}

/** Returns the imports of each room: those of all of its files. */
export function roomsOf(imports: Graph): Graph {
  const rooms = new Map<string, Set<string>>();
  for (const [file, imported] of imports) {
    const room = roomOf(file);
    const others = [...imported].map(roomOf).filter((other) => other !== room);
    rooms.set(room, new Set([...(rooms.get(room) ?? []), ...others]));
  }
  return rooms;
}

/** Returns groups of nodes that import each other, directly or indirectly (Tarjan's strongly connected components). */
export function circlesOf(graph: Graph): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const circles: string[][] = [];
  const visit = (node: string): number => {
    const number = order.size;
    order.set(node, number);
    lowest.set(node, number);
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const reached = order.has(next) ? (path.includes(next) ? order.get(next) : undefined) : visit(next);
      if (reached !== undefined) lowest.set(node, Math.min(lowest.get(node) as number, reached));
    }
    if (lowest.get(node) === number) {
      const group = path.splice(path.indexOf(node));
      if (group.length > 1) circles.push(group);
    }
    return lowest.get(node) as number;
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return circles;
}

/** Returns the floor of each node in an acyclic graph: one above the highest import; 1 without imports. */
export function floorsOf(graph: Graph): Map<string, number> {
  const floors = new Map<string, number>();
  const floor = (node: string): number => {
    const known = floors.get(node);
    if (known !== undefined) return known;
    const own = 1 + Math.max(0, ...[...(graph.get(node) ?? [])].map(floor));
    floors.set(node, own);
    return own;
  };
  for (const node of graph.keys()) floor(node);
  return floors;
}
