import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { newApp } from '../../lib/migrate/new-app';
import { PROFILES } from '../../lib/stack/profiles';
import { version } from '../../package.json';
import { lokiAlerts } from '../support/cli';
import { someOf } from '../support/properties';
import { NewProject } from './new-project';

// Each synthesizes twice.
describe.each(someOf(PROFILES))('loki-alerts init --profile %s', (profile) => {
  const project = new NewProject();
  afterAll(() => project.remove());

  test('writes an app that synthesizes with the plugin and has no findings', async () => {
    await project.init('--profile', profile);

    const { status, output } = project.synth();
    expect([status, output]).toEqual([0, expect.stringContaining('Validations ended')]);
    expect(output).not.toContain('warning');
    expect(await project.verify('--no-tests', '--strict')).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^no problems in \d files with \d+ rules\n$/),
      stderr: '',
    });
  });
});

describe('loki-alerts init', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'init-')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const init = (...args: string[]) => lokiAlerts(['init', ...args], folder);

  const FILES = [
    '.github',
    '.gitignore',
    'README.md',
    'cdk8s.yaml',
    'main.ts',
    'package.json',
    'rules',
    'tsconfig.json',
  ];

  test('writes to the current folder, even after git init', async () => {
    mkdirSync(join(folder, '.git'));
    const { status, stdout } = await init();

    expect(status).toBe(0);
    expect(stdout).toContain('Next: npm install && npm run synth && npm test\n');
    expect(readdirSync(folder).sort()).toEqual(['.git', ...FILES]);
  });

  test('creates a folder with the permissions that the umask leaves', async () => {
    await init('app');
    mkdirSync(join(folder, 'other'));
    const mode = (name: string) => statSync(join(folder, name)).mode & 0o777;
    expect(mode('app')).toBe(mode('other'));
  });

  test('creates folders, and quotes them in the next command', async () => {
    expect(await init("a/b c's")).toMatchObject({ status: 0, stdout: expect.stringContaining("cd 'a/b c'\\''s' && ") });
    expect(readdirSync(join(folder, "a/b c's")).sort()).toEqual(FILES);
    expect(readdirSync(join(folder, 'a'))).toEqual(["b c's"]);
  });

  test.each([
    ['My Alerts', 'my-alerts'],
    ['.hidden', 'hidden'],
    ['Größe', 'gr-e'],
    ['日本', 'log-alerting'],
  ])('names the package of folder %s', async (name, expected) => {
    await init(name);
    expect((await import(join(folder, name, 'package.json'))).name).toBe(expected);
  });

  test('pins exact versions', async () => {
    await init('a');
    await init('b', '--package', 'file:../loki-alerts.tgz');
    const [a, b] = await Promise.all(['a', 'b'].map((name) => import(join(folder, name, 'package.json'))));
    for (const each of Object.values(a.devDependencies)) expect(each).toMatch(/^\d+\.\d+\.\d+$/);
    expect(a.devDependencies['loki-alerts']).toBe(version);
    expect(b.devDependencies).toEqual({ ...a.devDependencies, 'loki-alerts': 'file:../loki-alerts.tgz' });
  });

  test('rejects a folder that is not empty, and writes nothing', async () => {
    writeFileSync(join(folder, 'notes.txt'), '');
    for (const [args, problem] of [
      [['.'], '. is not empty, it has notes.txt: use a new or empty folder'],
      [['notes.txt'], 'notes.txt is a file: use a new or empty folder'],
      [['notes.txt/app'], /^loki-alerts: nothing was written: E[A-Z]+: .*use another folder\n$/],
      [['new', '--profile', 'prod'], 'Allowed choices are demo, single, distributed'],
    ] as const) {
      const { status, stderr } = await init(...args);
      expect(status).toBe(2);
      if (typeof problem === 'string') expect(stderr).toContain(problem);
      else expect(stderr).toMatch(problem);
      expect(readdirSync(folder)).toEqual(['notes.txt']);
    }
  });
});

test('the workflow of a new app runs its checks', () => {
  const files = newApp({ name: 'a', profile: 'demo', library: version });
  const { jobs } = parse(files['.github/workflows/check.yml'] as string);
  const commands = jobs.check.steps.flatMap(({ run }: { run?: string }) => run ?? []);
  expect(commands).toEqual(['npm ci', 'npx tsc', 'npx loki-alerts verify --format github']);
});
