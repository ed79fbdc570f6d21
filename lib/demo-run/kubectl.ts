import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** Timeout of the API server's readiness check in seconds. */
const REACHABLE_TIMEOUT = 5;

/**
 * Runs kubectl on the current context and returns its output.
 * @throws with kubectl's own message
 */
export async function kubectl(...args: string[]): Promise<string> {
  try {
    const { stdout } = await exec('kubectl', args, { maxBuffer: 256 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`kubectl ${args.join(' ')}: ${stderr?.trim() || message}`);
  }
}

/** Returns the current context if its API server is ready, otherwise the reason. */
export async function findCluster(): Promise<{ readonly context: string } | { readonly reason: string }> {
  try {
    const context = (await kubectl('config', 'current-context')).trim();
    await kubectl('get', '--raw', '/readyz', `--request-timeout=${REACHABLE_TIMEOUT}s`);
    return { context };
  } catch (error) {
    const { message } = error as Error;
    return {
      reason: message.includes('ENOENT') ? 'kubectl is not installed' : (message.split('\n').at(-1) ?? message),
    };
  }
}

export interface PortForward {
  /** Base URL on 127.0.0.1. */
  readonly url: string;
  stop(): void;
}

/**
 * Forwards a free port of 127.0.0.1 to a Service's port.
 * @throws if kubectl ends before it listens
 */
export function portForward(namespace: string, service: string, port: number): Promise<PortForward> {
  const child = spawn(
    'kubectl',
    ['port-forward', '--address=127.0.0.1', `--namespace=${namespace}`, `service/${service}`, `:${port}`],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const kill = () => child.kill();
  // Ctrl-C also reaches kubectl, but an exception in this process does not end it.
  process.once('exit', kill);
  const stop = () => {
    process.removeListener('exit', kill);
    kill();
  };
  return listening(child).then(
    (local) => ({ url: `http://127.0.0.1:${local}`, stop }),
    (error) => {
      stop();
      throw error;
    },
  );
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk;
      const port = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (port) resolve(port);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`kubectl port-forward ended: ${output.trim()}`)));
  });
}
