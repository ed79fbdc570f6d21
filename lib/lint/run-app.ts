import { spawn, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { endWithProcess } from '../engines/cleanup';

/** Result of running an app. */
export interface AppRun {
  /** Reason why it failed. @default none, it did not */
  readonly failure?: string;
  /** Lines that it printed to stderr, unless they are the reason. */
  readonly messages: readonly string[];
}

/**
 * Runs the command of a cdk8s app like the cdk8s CLI.
 * @param command shell command
 * @param outdir folder for the manifests, which the app creates
 */
export function runApp(command: string, cwd: string, outdir: string): Promise<AppRun> {
  return new Promise((done) => {
    const child = spawn(command, {
      shell: true,
      cwd,
      env: { ...process.env, CDK8S_OUTDIR: outdir },
      // A group of its own, which ends with this process.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    endWithProcess(child);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', ({ message }) => done({ failure: message, messages: [] }));
    child.once('close', (code, signal) => {
      const text = stderr.trim();
      if (code === 0) done({ messages: text === '' ? [] : text.split('\n') });
      else done({ failure: text || `${command} ended with ${signal ?? `exit code ${code}`}`, messages: [] });
    });
  });
}

/** True if git ignores a folder, which need not exist; false without git. */
export function isGitIgnored(folder: string): boolean {
  const args = ['check-ignore', '--quiet', `${folder}/`];
  return spawnSync('git', args, { cwd: dirname(folder), stdio: 'ignore' }).status === 0;
}
