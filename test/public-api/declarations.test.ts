import { packageTypes } from './declarations';

/** Sources of the entry points whose types consumers use. */
const ENTRIES = ['lib/index.ts', 'rules/index.ts', 'lib/rule-tests/index.ts', 'lib/logql/index.ts'];

/** Peers, and types of Node and the compiler. cdk8s-plus-27, which the code is written with, is neither. */
const KNOWN = ['cdk8s', 'constructs', '@types/node', 'undici-types', 'typescript'];

test('public declarations only mention types of packages that consumers have', () => {
  const types = packageTypes(ENTRIES);

  expect(types.filter((type) => type.package === 'cdk8s').length).toBeGreaterThan(0);
  expect(
    types.filter((type) => !KNOWN.includes(type.package)).map((type) => `${type.chain} (${type.package})`),
  ).toEqual([]);
});

test('finds a type of another package, through members and other declarations', () => {
  const types = packageTypes(['lib/kubernetes/pod.ts']).filter((type) => type.package === 'cdk8s-plus-27');

  expect(types.map(({ chain }) => chain)).toEqual(expect.arrayContaining([expect.stringMatching(/^podSpec > /)]));
});
