import { resolve } from 'node:path';
import which from 'which';
import { isOlder } from '../versions/version';
import { type Engine, type EngineName, engineSpecs, type OnProgress } from './engine';
import { NotFound } from './not-found';
import { readVersion } from './version';

/**
 * Returns the program that the engine's environment variable names.
 * @throws if the program is unusable: no other engine may run in its place
 */
export async function inEnvironment(name: EngineName, progress: OnProgress): Promise<Engine | NotFound> {
  const { variable, oldest } = engineSpecs[name];
  const value = process.env[variable];
  if (!value) return new NotFound('not set');
  const path = await which(resolve(value), { nothrow: true });
  if (path === null) throw new Error(`${variable}=${value}: no such program. Correct or unset ${variable}.`);
  const version = await readVersion(name, path);
  if (version instanceof NotFound) throw new Error(`${variable}: ${version.reason}. Correct or unset it.`);
  if (isOlder(version, oldest.version)) {
    throw new Error(
      `${variable}=${value} is version ${version}, but ${oldest.version} or newer is required: ${oldest.reason}. ` +
        `Set a newer one, or unset ${variable}.`,
    );
  }
  if (version === 'unknown') progress(`${variable}=${value} reports no version; using it anyway`);
  return { name, version, source: 'environment', path };
}

/** Returns the first program on PATH that is this engine and new enough. */
export async function onPath(name: EngineName, progress: OnProgress): Promise<Engine | NotFound> {
  const { executables, oldest } = engineSpecs[name];
  const reasons: string[] = [];
  for (const executable of executables) {
    for (const path of (await which(executable, { nothrow: true, all: true })) ?? []) {
      const version = await readVersion(name, path);
      if (version instanceof NotFound) {
        reasons.push(version.reason);
      } else if (isOlder(version, oldest.version)) {
        const reason = `${path} is version ${version}, but ${oldest.version} or newer is required: ${oldest.reason}`;
        progress(`skipping ${reason}`);
        reasons.push(reason);
      } else {
        if (version === 'unknown') progress(`${path} reports no version; using it anyway`);
        return { name, version, source: 'path', path };
      }
    }
  }
  return new NotFound(reasons.join('; ') || 'not found');
}
