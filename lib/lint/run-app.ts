import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { runCommand } from '../engines/run';

/** Result of running an app. */
export interface AppRun {
  /** Reason why it failed. @default none, it did not */
  readonly failure?: string;
  /** Lines that it printed to stderr, unless they are the reason. */
  readonly messages: readonly string[];
}

/**
 * Runs the command of a cdk8s app in a shell, like the cdk8s CLI.
 * @param outdir folder for the manifests, which the app creates
 */
export async function runApp(command: string, cwd: string, outdir: string): Promise<AppRun> {
  const { code, stderr } = await runCommand(shellLine(command), { cwd, env: { ...process.env, CDK8S_OUTDIR: outdir } });
  const text = stderr.trim();
  if (code === 0) return { messages: text === '' ? [] : text.split('\n') };
  return { failure: text || `${command} ended with exit code ${code}`, messages: [] };
}

function shellLine(command: string): { readonly command: string; readonly args: readonly string[] } {
  return process.platform === 'win32'
    ? { command: process.env.ComSpec ?? 'cmd.exe', args: ['/d', '/s', '/c', command] }
    : { command: '/bin/sh', args: ['-c', command] };
}

/** True if git ignores a folder, which need not exist; false without git. */
export function isGitIgnored(folder: string): boolean {
  const args = ['check-ignore', '--quiet', `${folder}/`];
  return spawnSync('git', args, { cwd: dirname(folder), stdio: 'ignore' }).status === 0;
}
