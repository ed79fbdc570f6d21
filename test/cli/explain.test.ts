import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { docNames, docText } from '../../lib/checks/pages';
import { lokiAlerts } from '../support/cli';

const LIB = join(__dirname, '../../lib');

test.each(docNames())('explain %s prints the page', async (name) => {
  expect(await lokiAlerts(['explain', name], __dirname)).toEqual({
    status: 0,
    stdout: `${docText(name).trimEnd()}\n`,
    stderr: '',
  });
});

test('messages name pages that exist, by the command that prints them', () => {
  const files = globSync('{cli,lint,migrate,stack,rule-tests}/**/*.ts', { cwd: LIB });
  const lines = files.flatMap((file) => readFileSync(join(LIB, file), 'utf8').split('\n'));
  // Comments and docstrings are for readers of the sources.
  const code = lines.filter((line) => !/^\s*(\*|\/\/|\/\*\*)/.test(line));
  const named = code.flatMap((line) =>
    [...line.matchAll(/loki-alerts explain ([a-z][a-z-]*)/g)].map(([, name]) => name),
  );

  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !docNames().includes(name as string))).toEqual([]);
  expect(code.filter((line) => /docs\/[\w-]+\.md/.test(line))).toEqual([]);
});
