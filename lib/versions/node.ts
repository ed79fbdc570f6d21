import { engines } from '../../package.json';

const OLDEST = majorOf(engines.node.replace('>=', ''));

/**
 * Rejects a Node that is too old: it would fail at the first new method, with a stack trace that names the method instead
 * of the cause.
 * @throws Error if the version is not supported
 */
export function requireNode(version = process.versions.node): void {
  if (majorOf(version) >= OLDEST) return;
  throw new Error(`loki-alerts: Node ${version} is not supported: use Node ${OLDEST} or newer`);
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

// The entries of the package import this file first.
requireNode();
