import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { oncePerRun } from '../support/once-per-run';

export const ROOT = resolve(__dirname, '../..');

/** Versions that the repository is tested with, which are those of a project made today. */
export const VERSIONS: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
).devDependencies;

/** A project of others, in a temporary folder, and with a home folder that is empty. */
export interface Consumer {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): void;
  /** Runs a command of the project. @returns its output @throws if it exits with another code than `expected` */
  run(command: string, options?: { readonly expected?: number; readonly env?: NodeJS.ProcessEnv }): string;
  /** Runs a command of the project. @returns its exit code and output */
  attempt(
    command: string,
    options?: { readonly env?: NodeJS.ProcessEnv },
  ): { readonly status: number | null; readonly output: string };
  /** Paths that the commands have left in the home folder. */
  home(): string[];
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  // Not a link, as on macOS: commands print real paths.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'loki-alerts-consumer-')));
  folders.push(folder);
  return folder;
}

/** Returns the path of the package, as npm publishes it. */
export const packedPackage = (): string =>
  oncePerRun('package', () => {
    const folder = join(process.env.TEST_RUN_FOLDER ?? '', 'packed');
    mkdirSync(folder);
    const { status, stdout, stderr } = spawnSync('npm', ['pack', '--pack-destination', folder], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`npm pack failed:\n${stdout}${stderr}`);
    const [file = ''] = readdirSync(folder);
    return join(folder, file);
  });

/** Creates a project with the files. */
export function consumer(files: Readonly<Record<string, string>>): Consumer {
  const folder = temporaryFolder();
  const home = temporaryFolder();
  // What belongs to the machine rather than to the home folder stays: the registry, and the cache of downloads.
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    HOME: home,
    NODE_OPTIONS: '',
    NODE_ENV: '',
    npm_config_userconfig: process.env.npm_config_userconfig ?? join(homedir(), '.npmrc'),
    npm_config_cache: process.env.npm_config_cache ?? join(homedir(), '.npm'),
    npm_config_node_options: '',
    CDK8S_CHECK_UPGRADE: 'false',
  };
  const project: Consumer = {
    folder,
    write(texts) {
      for (const [name, text] of Object.entries(texts)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
    },
    run(command, { expected = 0, env: more } = {}) {
      const { status, output } = project.attempt(command, { env: more });
      if (status !== expected) throw new Error(`${command} exited with ${status}:\n${output}`);
      return output;
    },
    attempt(command, { env: more } = {}) {
      const { status, stdout, stderr } = spawnSync(command, {
        cwd: folder,
        encoding: 'utf8',
        shell: true,
        env: { ...env, ...more },
      });
      return { status, output: stdout + stderr };
    },
    home: () => readdirSync(home),
  };
  project.write(files);
  return project;
}

/** Returns package.json of a project with these dependencies; `loki-alerts` is added. */
export function packageJson(dependencies: Readonly<Record<string, string>>, more: object = {}): string {
  return JSON.stringify({
    name: 'consumer',
    private: true,
    ...more,
    dependencies: { 'loki-alerts': `file:${packedPackage()}`, ...dependencies },
  });
}

/** Returns the PATH with another version of Node first, which `.ci/run` installs too. */
export function pathWithNode(major: number): string {
  const prefix = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'loki-alerts', `node-${major}`);
  const name = `node-${process.platform}-${process.arch}`;
  const bin = join(prefix, 'node_modules', name, 'bin');
  if (!existsSync(join(bin, 'node'))) {
    spawnSync('npm', ['install', '--no-save', '--prefix', prefix, `${name}@${major}`], { stdio: 'ignore' });
  }
  return [bin, process.env.PATH].join(delimiter);
}
