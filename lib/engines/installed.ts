import { resolve } from 'node:path';
import which from 'which';
import { isOlder } from '../versions/version';
import { type Engine, type EngineName, engineSpecs, type OnProgress } from './engine';
import { NotFound } from './not-found';
import { askVersion } from './version';

/**
 * The program that the engine's variable names.
 * @throws if it is set and unusable: another engine than the one that was asked for must not run in its place
 */
export async function inEnvironment(name: EngineName, progress: OnProgress): Promise<Engine | NotFound> {
  const { variable, oldest } = engineSpecs[name];
  const value = process.env[variable];
  if (!value) return new NotFound('not set');
  const path = await which(resolve(value), { nothrow: true });
  if (path === null) throw new Error(`${variable}=${value}: no such program. Correct it, or unset ${variable}.`);
  const version = await askVersion(name, path);
  if (version instanceof NotFound) throw new Error(`${variable}=${value}: ${version.reason}. Correct it, or unset it.`);
  if (isOlder(version, oldest.version)) {
    throw new Error(
      `${variable}=${value} is version ${version}, and at least ${oldest.version} is needed: ${oldest.reason}. ` +
        `Name a newer one, or unset ${variable}.`,
    );
  }
  if (version === 'unknown') progress(`${variable}=${value} does not know its version: it is taken as it is`);
  return { name, version, source: 'environment', path };
}

/** The first program on PATH that is the engine and new enough. */
export async function onPath(name: EngineName, progress: OnProgress): Promise<Engine | NotFound> {
  const { executables, oldest } = engineSpecs[name];
  const reasons: string[] = [];
  for (const executable of executables) {
    for (const path of (await which(executable, { nothrow: true, all: true })) ?? []) {
      const version = await askVersion(name, path);
      if (version instanceof NotFound) {
        reasons.push(version.reason);
      } else if (isOlder(version, oldest.version)) {
        const reason = `${path} is ${version}; at least ${oldest.version} is needed: ${oldest.reason}`;
        progress(`passing over ${reason}`);
        reasons.push(reason);
      } else {
        if (version === 'unknown') progress(`${path} does not know its version: it is taken as it is`);
        return { name, version, source: 'path', path };
      }
    }
  }
  return new NotFound(reasons.join('; ') || 'not there');
}
