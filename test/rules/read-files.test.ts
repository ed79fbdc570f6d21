import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRuleFiles } from '../../lib/rules/check-rules';
import { readRuleFiles, readRules } from '../../lib/rules/read';
import { byTenant, rulesOfTenant, withTenant } from '../../lib/rules/tenant';
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

  test('folders with files of the same name are those of tenants', () => {
    write('rules/a/alerts.yaml', 'rules/b/alerts.yaml', 'rules/b/more.yaml', 'rules/c/other-name.yaml');
    const tenants = (pattern: string) => [...byTenant(readRuleFiles(pattern, { cwd: folder.path })).keys()];
    expect(tenants('rules')).toEqual(['a', 'b', undefined]);
    expect(tenants('rules/a')).toEqual([undefined]);
  });

  test('the tenant of a resource is in its spec or in the annotation of the sidecar', () => {
    const groups = RULES.replace('groups: ', '');
    const resource = `apiVersion: loki.grafana.com/v1\nkind: AlertingRule\nspec: {tenantID: infra, groups: ${groups.trim()}}\n`;
    const annotations = '{k8s-sidecar-target-directory: /rules/team-a}';
    const map = `apiVersion: v1\nkind: ConfigMap\nmetadata: {annotations: ${annotations}}\ndata: {a.yaml: ${JSON.stringify(RULES)}}\n`;
    const tenants = (text: string) => [...byTenant(readRules(text, 'r.yaml')).keys()];
    expect(tenants(resource)).toEqual(['infra']);
    expect(tenants(map)).toEqual(['team-a']);
    expect(tenants(map.replace('team-a', 'fake'))).toEqual([undefined]);
  });

  test('a single tenant needs no name', () => {
    const files = ['a', 'b'].map((name) => withTenant({ name, groups: [] }, 'infra'));
    expect(rulesOfTenant(files)).toEqual(files);
    expect(rulesOfTenant(files, 'other')).toBeUndefined();
    expect(rulesOfTenant([...files, { name: 'c', groups: [] }])).toEqual([{ name: 'c', groups: [] }]);
  });

  test.each([
    ['>-', '# last 5 minutes\n> 9', 1],
    ['>', '# last 5 minutes\n> 9', 1],
    ['|', '# last 5 minutes\n> 9', 0],
    ['>-', '> 9 # a comment at the end', 0],
    ['>-', '|= "#1" [5m]) > 9', 0],
  ])('a comment in a block with %s: %s', (style, rest, count) => {
    const expr = rest.startsWith('|=') ? `sum(rate({a="b"}\n  ${rest}` : `sum(rate({a="b"}[5m])) ${rest}`;
    const text = `groups:\n- name: g\n  rules:\n  - alert: A\n    expr: ${style}\n${`      ${expr}`.replaceAll('\n', '\n      ')}\n`;
    const comments = checkRuleFiles(readRules(text, 'r.yaml')).filter(({ id }) => id === 'comment-in-expression');
    expect(comments).toHaveLength(count);
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
