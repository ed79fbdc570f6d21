import { dieWithParent } from './command';
import type { EngineName } from './engine';
import { NotFound } from './not-found';
import { runCommand } from './run';

/**
 * Returns the version that a program prints, after checking that it is this engine: any program may be named `loki`.
 * @returns `unknown` if it was built without a version
 */
export async function readVersion(name: EngineName, path: string): Promise<string | NotFound> {
  const output = await runCommand(dieWithParent(path, ['--version'])).catch((error: Error) => error);
  if (output instanceof Error) return new NotFound(output.message);
  return (
    parseVersion(name, output.stdout + output.stderr) ??
    new NotFound(`${path} is not ${name}: unexpected output of --version`)
  );
}

/**
 * Parses `promtool, version 3.12.0 (branch: …`, which most engines print. MinIO prints no comma; the OpenTelemetry
 * Collector prints its distribution, and nothing after the number: `otelcol-k8s version 0.160.0`.
 */
export function parseVersion(name: EngineName, text: string): string | undefined {
  const match = new RegExp(`^${name}(?:-\\w+)?,? version v?(\\S*)(?: +\\(|$)`, 'm').exec(text);
  return match ? match[1] || 'unknown' : undefined;
}
