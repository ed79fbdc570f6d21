import { resolve } from 'node:path';
import { UsageError } from '../lint/exit-codes';

/**
 * Loads a module as `loadModule` does. If it is a whole cdk8s app, its manifests are written to a folder.
 * @param outdir folder for manifests, instead of the app's own
 * @throws {UsageError} if it cannot be loaded
 */
export async function loadApp(path: string, outdir: string): Promise<Record<string, unknown>> {
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = outdir;
  try {
    return await loadModule(path);
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
  }
}

/**
 * Loads a module of the user's, in TypeScript or JavaScript, CommonJS or ESM.
 * @throws {UsageError} if it cannot be loaded
 */
export async function loadModule(path: string): Promise<Record<string, unknown>> {
  try {
    // In a clone, bin/loki-alerts.js has registered tsx, which the library's own sources also need.
    if (__filename.endsWith('.ts')) return require(resolve(path)) as Record<string, unknown>;
    const { createJiti } = require('jiti') as typeof import('jiti');
    return await createJiti(__filename).import(resolve(path));
  } catch (error) {
    throw new UsageError(`cannot load ${path}: ${loadError(error as NodeJS.ErrnoException)}`);
  }
}

/** Message of an error in loading a module, without Node's list of the modules that lead to a missing import. */
function loadError({ code, message }: NodeJS.ErrnoException): string {
  const missing = code === 'MODULE_NOT_FOUND' ? /^Cannot find module '([^']*)'/.exec(message)?.[1] : undefined;
  return missing === undefined ? message : `cannot find module '${missing}': install it, or correct the import`;
}
