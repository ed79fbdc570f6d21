import { join } from 'node:path';
import { appFolder } from '../../scripts/app-folder';

const root = join(__dirname, '../..');
const staging = join(root, 'examples/gitops/staging');

test.each([
  ['the root', root, undefined, root],
  ['a folder of the root without an app', join(root, 'lib'), undefined, root],
  ['an app', staging, undefined, staging],
  ['a folder of an app', join(staging, 'dist'), undefined, staging],
  ['outside of the repository', '/', undefined, root],
  ['another folder, with the folder of an app', join(root, 'examples'), 'gitops/staging', staging],
])('called in %s', (_where, from, named, expected) => {
  expect(appFolder({ named, from, root })).toBe(expected);
});

test('rejects a folder without an app', () => {
  expect(() => appFolder({ named: 'examples', from: root, root })).toThrow(
    'examples is not an app: it has no cdk8s.yaml. Copy cdk8s.yaml and main.ts from examples/single',
  );
});
