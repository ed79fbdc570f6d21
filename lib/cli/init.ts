import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { version } from '../../package.json';
import { UsageError } from '../lint/exit-codes';
import { newApp } from '../migrate/new-app';
import { PROFILES, type Profile } from '../stack/profiles';
import { printLine, type Shell } from './shell';
import { writeFolder } from './write-folder';

/** Entry of a folder in which nothing but `git init` has run. */
const GIT = '.git';

interface Flags {
  readonly profile: Profile;
  readonly package: string;
}

/** `loki-alerts init [folder]` */
export function initCommand({ stdout }: Shell): Command {
  return new Command('init')
    .description('write a small app with a rule, its test and a CI workflow, in an npm project of its own')
    .argument('[folder]', 'new or empty folder; one with only .git is empty too', '.')
    .addOption(
      new Option(
        '--profile <profile>',
        'demo: one Loki and a log flood; single: one Loki; distributed: on object storage',
      )
        .choices(PROFILES)
        .default('demo'),
    )
    .option('--package <spec>', 'version, file or URL of loki-alerts for npm', version)
    .addHelpText('after', '\nExit codes: 0 success, 2 could not run.')
    .action((folder: string, { profile, package: library }: Flags) => {
      const path = resolve(folder);
      const files = newApp({ name: packageName(path), profile, library });
      write(path, folder, files);
      const steps = [...(folder === '.' ? [] : [`cd ${quoted(folder)}`]), 'npm install', 'npm run synth', 'npm test'];
      printLine(stdout, `Wrote ${Object.keys(files).sort().join(', ')} to ${folder}.\nNext: ${steps.join(' && ')}`);
    });
}

/** @throws UsageError if the folder is not empty, or cannot be written */
function write(path: string, folder: string, files: Readonly<Record<string, string>>): void {
  try {
    requireEmpty(path, folder);
    writeFolder(path, files);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`nothing was written: ${(error as Error).message}: use another folder`);
  }
}

function requireEmpty(path: string, folder: string): void {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) throw new UsageError(`${folder} is a file: use a new or empty folder`);
  const [entry] = readdirSync(path).filter((name) => name !== GIT);
  if (entry !== undefined) throw new UsageError(`${folder} is not empty, it has ${entry}: use a new or empty folder`);
}

/** Returns the folder's name as npm accepts it. */
export function packageName(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '');
  return name === '' ? 'log-alerting' : name;
}

/** Quotes a path for a shell, if necessary. */
export function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
