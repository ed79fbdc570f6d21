import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { App } from 'cdk8s';
import { LogAlerting } from '../../lib';
import { peerProblems } from '../../lib/versions/peers';
import { tempFolder } from '../support/temp-folder';

const project = tempFolder();

/** Writes a package with a version, and returns nothing but its main file. */
function install(name: string, version: string): void {
  project.write(`${name}/package.json`, JSON.stringify({ name: name.split('/').at(-1), version, main: 'index.js' }));
  project.write(`${name}/index.js`, '');
}

const problems = () => peerProblems(createRequire(join(project.path, 'node_modules/loki-alerts/build/index.js')));

test('names each peer that is missing', () => {
  expect(problems()).toEqual([
    expect.stringMatching(/^cdk8s is not installed: npm install cdk8s@\^/),
    expect.stringMatching(/^constructs is not installed: npm install constructs@\^/),
  ]);
});

test('names a peer that is too old, and the version to use', () => {
  install('node_modules/cdk8s', '2.30.0');
  install('node_modules/constructs', '10.8.1');
  expect(problems()).toEqual([
    expect.stringMatching(/^cdk8s 2\.30\.0 is too old: use 2\.\d+\.\d+ or newer, e\.g\. npm install cdk8s@\^/),
  ]);
});

test('accepts peers that are new enough, and one copy of constructs', () => {
  install('node_modules/cdk8s', '2.70.0');
  install('node_modules/constructs', '10.8.1');
  expect(problems()).toEqual([]);
});

test('names both copies of constructs', () => {
  install('node_modules/cdk8s', '2.70.0');
  install('node_modules/constructs', '10.8.1');
  install('node_modules/cdk8s/node_modules/constructs', '10.3.0');
  expect(problems()).toEqual([
    expect.stringMatching(
      /two copies of constructs, .*\/node_modules\/constructs\/index\.js and .*cdk8s\/node_modules/,
    ),
  ]);
});

test('a scope of another copy is refused with the reason', () => {
  const scope = { node: {} } as App;
  expect(() => new LogAlerting(scope, 'log-alerting', {} as never)).toThrow(/another copy of constructs/);
});
