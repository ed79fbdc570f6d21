import { images } from './images';
import { isOlder, versionOf } from './version';

/** A version of Alertmanager: `0.35.0`. */
export type AlertmanagerVersion = string;

/** Oldest supported version, also of the engines. */
export const OLDEST_ALERTMANAGER: AlertmanagerVersion = '0.28.0';

/** Version in the manifests. */
export const DEFAULT_ALERTMANAGER: AlertmanagerVersion = versionOf(images.alertmanager) as AlertmanagerVersion;

/** Returns the problem of a version; undefined if it is supported. */
export function versionProblem(version: string): string | undefined {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return `is not a valid version: use e.g. ${DEFAULT_ALERTMANAGER}`;
  return isOlder(version, OLDEST_ALERTMANAGER) ? `is not supported: use ${OLDEST_ALERTMANAGER} or later` : undefined;
}
