import { join } from 'node:path';
import { appFolder } from '../../scripts/app-folder';

const root = join(__dirname, '../..');
const staging = join(root, 'examples/gitops/staging');

test.each([
  ['the root', root, undefined, root],
  ['a folder of the root that has no app', join(root, 'lib'), undefined, root],
  ['an app of its own', staging, undefined, staging],
  ['a folder of such an app', join(staging, 'dist'), undefined, staging],
  ['outside of the repository', '/', undefined, root],
  ['anywhere, and an app is named', join(root, 'examples'), 'gitops/staging', staging],
])('called in %s', (_where, from, named, expected) => {
  expect(appFolder({ named, from, root })).toBe(expected);
});

test('a folder that is named and has no app is refused with the way to one', () => {
  expect(() => appFolder({ named: 'examples', from: root, root })).toThrow(
    'examples is no app: it has no cdk8s.yaml. Copy those of an example into it: examples/single/cdk8s.yaml and main.ts',
  );
});
