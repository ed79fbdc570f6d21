import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRuleFiles } from '../../lib/rules/check-rules';
import { readRuleFiles } from '../../lib/rules/read';
import { tempFolder } from '../support/temp-folder';

const RULES = `groups: [{name: g, rules: [{alert: A, expr: 'rate({app="x"}[5m]) > 1'}]}]\n`;

const folder = tempFolder();

function write(...names: string[]): void {
  for (const name of names) folder.write(name, name.startsWith('other') ? 'kind: x' : RULES);
}

const read = (...patterns: string[]) => readRuleFiles(patterns, { cwd: folder.path }).map(({ name }) => name);
const found = (...patterns: string[]) =>
  checkRuleFiles(readRuleFiles(patterns, { cwd: folder.path })).map(({ id, place }) => [id, place?.file]);

describe('readRuleFiles', () => {
  test('reads files, folders and globs in the order of their paths', () => {
    write('b.yaml', 'a.yml', 'sub/c.yaml', 'other.yaml', 'a.test.yaml', 'node_modules/x.yaml', 'notes.txt');
    expect(read('.')).toEqual(['a.yml', 'b.yaml', 'c.yaml']);
    expect(read('*.yaml')).toEqual(['b.yaml']);
    expect(read('**/*.{yaml,yml}', 'b.yaml')).toEqual(['a.yml', 'b.yaml', 'c.yaml', 'b.yaml']);
    expect(read('notes.txt')).toEqual(['notes.txt']);
  });

  test('reports missing files and files without rules', () => {
    write('other.yaml', 'sub/other.yaml');
    symlinkSync('nowhere', join(folder.path, 'dangling.yaml'));
    expect(found('none/*.yaml')).toEqual([['no-rules', 'none/*.yaml']]);
    expect(found('other.yaml')).toEqual([['no-rules', 'other.yaml']]);
    expect(found('dangling.yaml')).toEqual([['no-rules', 'dangling.yaml']]);
  });

  test('keeps the findings with the rule files and their copies', () => {
    writeFileSync(join(folder.path, 'r.yaml'), RULES.replace('expr', 'exp'));
    const copies = readRuleFiles('r.yaml', { cwd: folder.path }).map((file) => ({ ...file, name: 'copy.yaml' }));
    expect(checkRuleFiles(copies).map(({ id, place }) => [id, place?.line])).toEqual([
      ['unknown-field', 1],
      ['expr-missing', 1],
    ]);
  });
});
