/**
 * `npm run synth`: `cdk8s synth`, but a synthesis that fails leaves dist as it was. The cdk8s CLI deletes its output
 * folder first, so it gets one of its own, which takes the place of dist only when it is complete.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const DIST = 'dist';

function main(args: readonly string[]): number {
  // Beside dist, because a folder can only be renamed within its file system.
  const fresh = mkdtempSync(`.${DIST}-`);
  try {
    const cli = join(dirname(require.resolve('cdk8s-cli/package.json')), 'bin', 'cdk8s');
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'synth', '--output', fresh, ...args], {
      encoding: 'utf8',
      // The CLI would ask the npm registry for a newer version of itself.
      env: { CDK8S_CHECK_UPGRADE: 'false', ...process.env },
    });
    process.stdout.write(stdout.replaceAll(fresh, DIST));
    process.stderr.write(status === 0 ? stderr : withoutCliError(stderr));
    if (status !== 0) {
      process.stderr.write(`Nothing was synthesized; ${DIST} is as it was.\n`);
      return status ?? 1;
    }
    replaceFolder(DIST, fresh);
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
