import { imageVersion } from './images';
import { isOlder } from './version';

/** A version of Loki: `3.7.8`. */
export type LokiVersion = string;

/** Version in the manifests. */
export const DEFAULT_LOKI: LokiVersion = imageVersion('loki');

/** Returns the problem of a version; undefined if it is valid. */
export function lokiVersionProblem(version: string): string | undefined {
  return /^\d+\.\d+\.\d+$/.test(version) ? undefined : `is not a valid version: use e.g. ${DEFAULT_LOKI}`;
}

/** True if a version is between the first and the last one with a problem, such as `3.5`. */
export function isBetween(version: LokiVersion, since?: string, until?: string): boolean {
  const isBefore = (first: string) => isOlder(version, `${first}.0`);
  const isAfter = (last: string) => isOlder(`${last}.0`, version) && !version.startsWith(`${last}.`);
  return !(since !== undefined && isBefore(since)) && !(until !== undefined && isAfter(until));
}
