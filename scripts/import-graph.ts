import { dirname, posix } from 'node:path';
import ts from 'typescript';

/** Nodes, each with those that it imports. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Which of the files each one imports, types included. Keys are paths relative to the repository. */
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

/** Room of a file: a folder of `lib` or of the top level with all that is in it, or a file that lies in none. */
export function roomOf(file: string): string {
  const [top, folder] = file.split('/') as [string, string | undefined];
  if (top !== 'lib' || folder === undefined) return top;
  return `lib/${folder}`;
}

/** The graph of rooms: a room imports another when one of its files does. */
export function roomsOf(imports: Graph): Graph {
  const rooms = new Map<string, Set<string>>();
  for (const [file, imported] of imports) {
    const room = roomOf(file);
    const others = [...imported].map(roomOf).filter((other) => other !== room);
    rooms.set(room, new Set([...(rooms.get(room) ?? []), ...others]));
  }
  return rooms;
}

/** Groups of nodes that import each other, directly or through others (Tarjan's strongly connected components). */
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

/** Floor of each node of a graph without circles: one above the highest that it imports; 1 imports nothing. */
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
