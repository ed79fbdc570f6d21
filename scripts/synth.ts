/**
 * `npm run synth [-- folder]`: runs `cdk8s synth` in the folder of an app, but leaves dist unchanged if synthesis
 * fails. The cdk8s CLI deletes its output folder first, so it writes to a temporary folder, which replaces dist once it
 * is complete.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { appFolder } from './app-folder';

const DIST = 'dist';
const ROOT = join(__dirname, '..');

const USAGE = `usage: npm run synth [-- folder]

Synthesizes the app in the folder, or the nearest app at or above the current folder, and writes ${DIST}/ next to its
cdk8s.yaml. On failure, ${DIST}/ stays unchanged. For the options of cdk8s itself: npx cdk8s synth --help
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
    if (positionals.length > 1) throw new Error(`expected one folder, got ${positionals.join(', ')}`);
    folder = appFolder({ named: positionals[0], from, root: ROOT });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  const shown = relative(from, join(folder, DIST));
  try {
    return synth(folder, shown);
  } catch (error) {
    // A folder without permission, a full disk, a dist that is a mount or, on Windows, open in another program.
    process.stderr.write(`error: ${shown} cannot be written, and is unchanged: ${(error as Error).message}\n`);
    return 1;
  }
}

/** @param shown path of dist for messages */
function synth(folder: string, shown: string): number {
  // Next to dist, because a folder can only be renamed within a file system.
  const fresh = mkdtempSync(join(folder, `.${DIST}-`));
  // Ctrl-C ends the CLI; this process then removes the temporary folder.
  process.on('SIGINT', () => {});
  try {
    const cli = join(dirname(require.resolve('cdk8s-cli/package.json')), 'bin', 'cdk8s');
    const { status, signal, stdout, stderr } = spawnSync(
      process.execPath,
      [cli, 'synth', '--output', basename(fresh)],
      {
        cwd: folder,
        encoding: 'utf8',
        // Otherwise the CLI checks the npm registry for updates.
        env: { CDK8S_CHECK_UPGRADE: 'false', ...process.env },
      },
    );
    process.stdout.write(stdout.replaceAll(basename(fresh), shown));
    process.stderr.write((status === 0 ? stderr : withoutCliError(stderr)).replaceAll(basename(fresh), shown));
    const empty = status === 0 && readdirSync(fresh).length === 0;
    if (empty) process.stderr.write('error: the app wrote no manifests: add a LogAlerting or a chart\n');
    if (status !== 0 || empty) {
      process.stderr.write(`error: synthesis failed; ${shown} is unchanged\n`);
      return status || (signal ? 128 + constants.signals[signal] : 1);
    }
    replaceFolder(join(folder, DIST), fresh);
    return 0;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Removes the CLI's message about the app's exit code. */
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
  try {
    renameSync(source, target);
  } catch (error) {
    if (existsSync(old)) renameSync(old, target);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

process.exitCode = main(process.argv.slice(2));
