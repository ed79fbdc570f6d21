import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import { type Consumer, consumer, packageJson, packedPackage, ROOT } from './consumer';
import { ACTION, runAction } from './github-action';

const rules = (comparison: string) => `groups:
  - name: web
    rules:
      - alert: Errors
        expr: sum(rate({app="web"} |= "error" [5m])) ${comparison}
        labels: { severity: warning }
        annotations: { title: Errors, description: "{{ $value }} errors per second." }
`;

const RULE_TEST = `rule_files: [../rules/good.yaml]
tests:
  - name: ten errors per second
    interval: 1m
    input_logs:
      - stream: '{app="web"}'
        lines: 'error x600'
    alert_rule_test: []
`;

let project: Consumer;
beforeAll(() => {
  project = consumer({
    'package.json': packageJson({}),
    'rules/good.yaml': rules('> 1'),
    'bad/bad.yaml': rules('>'),
    'warned/warned.yaml': rules('== 0'),
    'tests/wrong.test.yaml': RULE_TEST,
  });
  project.run('npm install');
});

test('passes where there are no findings', () => {
  const { find, check, sarif, test } = runAction(project, { paths: 'rules' });

  expect(find?.status).toBe(0);
  expect(check).toEqual({ status: 0, output: 'no problems in 1 file with 1 rule\n', outputs: expect.anything() });
  expect([sarif, test]).toEqual([undefined, undefined]);
});

test('annotates the place of an error, and fails', () => {
  const { check } = runAction(project, { paths: 'rules\nbad' });

  expect(check?.status).toBe(1);
  expect(check?.output).toMatch(/^::error file=bad\/bad\.yaml,line=5,col=\d+,title=logql-syntax::/m);
});

test('fails for warnings if they are errors', () => {
  expect(runAction(project, { paths: 'warned' }).check?.status).toBe(0);
  expect(runAction(project, { paths: 'warned', strict: 'true' }).check?.status).toBe(1);
});

test('passes further options', () => {
  const { check } = runAction(project, { paths: 'rules', arguments: '--severities critical,info' });
  expect(check?.output).toContain('severity-unknown');
});

test('writes SARIF after findings, and fails where the check cannot run', () => {
  const found = runAction(project, { paths: 'bad/*.yaml', sarif: 'findings.sarif' });
  const log = JSON.parse(readFileSync(join(project.folder, 'findings.sarif'), 'utf8'));

  expect([found.check?.status, found.sarif?.status]).toEqual([1, 0]);
  expect(log.version).toBe('2.1.0');
  expect(log.runs[0].results[0].ruleId).toBe('logql-syntax');
  expect(runAction(project, { paths: 'missing', sarif: 'findings.sarif' }).sarif?.status).not.toBe(0);
});

test('reports an invalid test file at its place, also after findings', () => {
  const results = runAction(project, { paths: 'bad', tests: 'tests' });

  expect(results.check?.status).toBe(1);
  expect(results.test?.status).toBe(2);
  expect(results.test?.output).toMatch(/^::error file=tests\/wrong\.test\.yaml/m);
});

test('runs unit tests on the engines', () => {
  project.run('npx loki-alerts test --init rules/good.yaml');
  // Those of the machine: building them takes minutes.
  const env = { XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache') };
  const { test } = runAction(project, { paths: 'rules', tests: 'rules' }, env);

  expect(test?.output).toContain('2 tests passed');
});

test('runs the version of the action where the project has none', () => {
  const other = consumer({ 'rules/good.yaml': rules('> 1'), 'bad/bad.yaml': rules('>') });
  const asPublished = { version: `file:${packedPackage()}` };

  expect(ACTION.inputs.version?.default).toBe(version);
  expect(runAction(other, { ...asPublished, paths: 'rules' }).check?.status).toBe(0);
  expect(runAction(other, { ...asPublished, paths: 'bad' }).check?.status).toBe(1);
});

test('every input has a description, a default, and a row in docs/check.md', () => {
  const page = readFileSync(join(ROOT, 'docs/check.md'), 'utf8').split('## In GitHub and pre-commit')[1] ?? '';
  const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

  expect(rows).toEqual(Object.keys(ACTION.inputs));
  expect(Object.values(ACTION.inputs).filter((input) => !input.description || input.default === undefined)).toEqual([]);
});
