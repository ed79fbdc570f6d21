import { circlesOf, floorsOf, importsOf, roomOf, roomsOf } from '../../scripts/import-graph';

const graph = (edges: Record<string, string[]>) =>
  new Map(Object.entries(edges).map(([node, next]) => [node, new Set(next)]));

test('imports include folders with an index, types, re-exports and require, but not packages', () => {
  const sources = new Map([
    ['lib/a/one.ts', `import { two } from './two';\nexport * from '../b';\nimport 'yaml';`],
    ['lib/a/two.ts', `import type { B } from '../b/b';\nimport c = require('../../c');`],
    ['lib/b/index.ts', ''],
    ['lib/b/b.ts', ''],
    ['c.js', `require('./lib/b/b')`],
  ]);
  expect(importsOf(sources)).toEqual(
    graph({
      'lib/a/one.ts': ['lib/a/two.ts', 'lib/b/index.ts'],
      'lib/a/two.ts': ['lib/b/b.ts', 'c.js'],
      'lib/b/index.ts': [],
      'lib/b/b.ts': [],
      'c.js': ['lib/b/b.ts'],
    }),
  );
});

test.each([
  ['lib/index.ts', 'lib/index.ts'],
  ['lib/alertmanager/checks/names.ts', 'lib/alertmanager'],
  ['bench/main.ts', 'bench'],
  ['main.ts', 'main.ts'],
])('the room of %s is %s', (file, room) => {
  expect(roomOf(file)).toBe(room);
});

test('a room has the imports of its files, except of itself', () => {
  expect(roomsOf(graph({ 'lib/a/x.ts': ['lib/a/y.ts', 'lib/b/z.ts'], 'lib/a/y.ts': [], 'lib/b/z.ts': [] }))).toEqual(
    graph({ 'lib/a': ['lib/b'], 'lib/b': [] }),
  );
});

test('finds every circle, but not two paths to the same node', () => {
  expect(circlesOf(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
  const circles = circlesOf(graph({ a: ['b'], b: ['c'], c: ['a', 'd'], d: ['e'], e: ['d'] }));
  expect(circles.map((circle) => circle.sort())).toEqual([
    ['d', 'e'],
    ['a', 'b', 'c'],
  ]);
});

test('a floor is one above the highest import', () => {
  expect(floorsOf(graph({ a: ['b', 'c'], b: ['c'], c: [] }))).toEqual(
    new Map([
      ['c', 1],
      ['b', 2],
      ['a', 3],
    ]),
  );
});
