import { dieWithParent } from './command';
import type { EngineName } from './engine';
import { NotFound } from './not-found';
import { runCommand } from './run';

/**
 * Asks a program for its version, and whether it is the engine at all: `loki` may be anything.
 * @returns `unknown` if it is, but was built without one
 */
export async function askVersion(name: EngineName, path: string): Promise<string | NotFound> {
  const output = await runCommand(dieWithParent(path, ['--version'])).catch((error: Error) => error);
  if (output instanceof Error) return new NotFound(output.message);
  return (
    parseVersion(name, output.stdout + output.stderr) ??
    new NotFound(`${path} --version does not answer as ${name} does`)
  );
}

/**
 * Reads `promtool, version 3.12.0 (branch: …`, which most engines print; MinIO without the comma, the OpenTelemetry
 * Collector with its distribution and nothing behind the number: `otelcol-k8s version 0.160.0`.
 */
export function parseVersion(name: EngineName, text: string): string | undefined {
  const match = new RegExp(`^${name}(?:-\\w+)?,? version v?(\\S*)(?: +\\(|$)`, 'm').exec(text);
  return match ? match[1] || 'unknown' : undefined;
}
