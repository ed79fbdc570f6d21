/**
 * `npm run synth [-- folder]`: `cdk8s synth` in the folder of an app, but a synthesis that fails leaves its dist as it
 * was. The cdk8s CLI deletes its output folder first, so it gets one of its own, which takes the place of dist only when
 * it is complete.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { appFolder } from './app-folder';

const DIST = 'dist';
const ROOT = join(__dirname, '..');

const USAGE = `usage: npm run synth [-- folder]

Writes ${DIST}/ beside the cdk8s.yaml of the folder, or of the one around the current folder, or of the repository's root.
If it fails, the old ${DIST}/ stays. For the options of cdk8s itself: npx cdk8s synth --help
`;

function main(args: readonly string[]): number {
  const from = process.env.INIT_CWD ?? process.cwd();
  let folder: string;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    if (positionals.length > 1) throw new Error(`one folder at a time, not ${positionals.join(', ')}`);
    folder = appFolder({ named: positionals[0], from, root: ROOT });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  return synth(folder, relative(from, join(folder, DIST)));
}

/** @param shown dist, as it is called in messages */
function synth(folder: string, shown: string): number {
  // Beside dist, because a folder can only be renamed within its file system.
  const fresh = mkdtempSync(join(folder, `.${DIST}-`));
  // Ctrl-C ends the CLI; this process stays until it has removed what the CLI began.
  process.on('SIGINT', () => {});
  try {
    const cli = join(dirname(require.resolve('cdk8s-cli/package.json')), 'bin', 'cdk8s');
    const { status, signal, stdout, stderr } = spawnSync(
      process.execPath,
      [cli, 'synth', '--output', basename(fresh)],
      {
        cwd: folder,
        encoding: 'utf8',
        // The CLI would ask the npm registry for a newer version of itself.
        env: { CDK8S_CHECK_UPGRADE: 'false', ...process.env },
      },
    );
    process.stdout.write(stdout.replaceAll(basename(fresh), shown));
    process.stderr.write((status === 0 ? stderr : withoutCliError(stderr)).replaceAll(basename(fresh), shown));
    const empty = status === 0 && readdirSync(fresh).length === 0;
    if (empty) process.stderr.write('The app wrote no manifests: it has no LogAlerting and no chart.\n');
    if (status !== 0 || empty) {
      process.stderr.write(`Nothing was synthesized; ${shown} is as it was.\n`);
      return status || (signal ? 128 + constants.signals[signal] : 1);
    }
    replaceFolder(join(folder, DIST), fresh);
    return 0;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The app's own words, without what the CLI says of the app's exit code. */
function withoutCliError(stderr: string): string {
  return stderr.replace(/^Error: command [\s\S]*$/m, '');
}

function replaceFolder(target: string, source: string): void {
  const old = `${source}-old`;
  try {
    renameSync(target, old);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  renameSync(source, target);
  rmSync(old, { recursive: true, force: true });
}

process.exitCode = main(process.argv.slice(2));
