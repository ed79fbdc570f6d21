import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Consumer, consumer, ROOT } from './consumer';

const PRE_COMMIT = 'pre-commit==4.7.0';

const rules = (comparison: string) => `groups:
  - name: web
    rules:
      - alert: Errors
        expr: sum(rate({app="web"} |= "error" [5m])) ${comparison}
`;

/** Folder of programs that are kept between runs, as the engines are. */
const XDG_CACHE_HOME = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');

/** Installs pre-commit from PyPI, once. @returns the environment in which `python3 -m pre_commit` is it */
function preCommit({ run }: Consumer): NodeJS.ProcessEnv {
  const folder = join(XDG_CACHE_HOME, 'loki-alerts', PRE_COMMIT);
  if (!existsSync(join(folder, 'pre_commit'))) {
    run(`python3 -m pip install --quiet --disable-pip-version-check --target ${folder} ${PRE_COMMIT}`);
  }
  return { PYTHONPATH: folder, XDG_CACHE_HOME };
}

// As in a repository that uses them: npm installs the commit of this one from Git, and builds it. Node is the machine's.
test('pre-commit installs the hooks from Git and runs them', () => {
  const rev = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const hooks = ['loki-alerts-check', 'loki-alerts-test'].map((id) => ({ id, language_version: 'system' }));
  const project = consumer({
    'rules/web.yaml': rules('> 1'),
    '.pre-commit-config.yaml': stringify({ repos: [{ repo: `file://${ROOT}`, rev, hooks }] }),
  });
  const env = { ...preCommit(project), PRE_COMMIT_HOME: join(project.folder, '.git/pre-commit') };
  const hook = (id: string, expected: number) =>
    project.run(`python3 -m pre_commit run ${id} --all-files --verbose --color never`, { expected, env });
  project.run('git init --quiet && git add --all');

  expect(hook('loki-alerts-check', 0)).toContain('no problems in 1 file with 1 rule');
  project.write({ 'rules/web.yaml': rules('>') });
  expect(hook('loki-alerts-check', 1)).toContain('logql-syntax');

  project.write({ 'rules/web.test.yaml': 'tests: []\n' });
  expect(hook('loki-alerts-test', 1)).toContain('rule-test-format');
});

test('a hook names a command of the package', () => {
  const hooks: { id: string; entry: string; language: string }[] = parse(
    readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'),
  );
  expect(hooks.map(({ id, entry, language }) => [id, entry, language])).toEqual([
    ['loki-alerts-check', 'loki-alerts check', 'node'],
    ['loki-alerts-test', 'loki-alerts test', 'node'],
  ]);
});
