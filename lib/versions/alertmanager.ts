import { images } from './images';
import { isOlder } from './version';

/** A version of Alertmanager: `0.35.0`. */
export type AlertmanagerVersion = string;

/** Oldest version whose fields are known here; the engines have the same limit. */
export const OLDEST_ALERTMANAGER: AlertmanagerVersion = '0.28.0';

/** Version in the manifests. */
export const DEFAULT_ALERTMANAGER: AlertmanagerVersion = versionOf(images.alertmanager) as AlertmanagerVersion;

/** Version of an image, undefined when its tag does not name one. */
export function versionOf(image: string): AlertmanagerVersion | undefined {
  return /:v?(?<version>\d+\.\d+\.\d+)(?=$|[@+-])/.exec(image)?.groups?.version;
}

/** What is wrong with a version that checks are asked for. */
export function versionProblem(version: string): string | undefined {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return `is not a valid version: write for instance ${DEFAULT_ALERTMANAGER}`;
  return isOlder(version, OLDEST_ALERTMANAGER)
    ? `is not supported: the fields of Alertmanager are known from ${OLDEST_ALERTMANAGER} on`
    : undefined;
}
