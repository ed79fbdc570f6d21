import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Construct } from 'constructs';
import { peerDependencies } from '../../package.json';
import { isOlder } from './version';

/**
 * Problems of the packages that the user's project shares with this one. Constructs of two copies fail with a TypeError
 * somewhere in the libraries, and so do missing functions of an old one.
 *
 * @param from `require` of this package
 */
export function peerProblems(from = createRequire(__filename)): string[] {
  const problems = Object.entries(peerDependencies).flatMap(([name, range]) => {
    const oldest = range.replace('^', '');
    const version = installedVersion(name, from);
    if (version === undefined) return [`${name} is not installed: npm install ${name}@${range}`];
    return isOlder(version, oldest)
      ? [`${name} ${version} is too old: use ${oldest} or newer, e.g. npm install ${name}@${range}`]
      : [];
  });
  if (problems.length > 0) return problems;
  const own = realpathSync(from.resolve('constructs'));
  const other = realpathSync(createRequire(from.resolve('cdk8s')).resolve('constructs'));
  return own === other
    ? []
    : [`two copies of constructs, ${own} and ${other}: use one version of it in all packages, see npm ls constructs`];
}

function installedVersion(name: string, from: NodeJS.Require): string | undefined {
  try {
    return (from(`${name}/package.json`) as { version: string }).version;
  } catch {
    return undefined;
  }
}

/** @throws if the scope is a construct of another copy of the library */
export function requireSameConstructs(scope: unknown): void {
  if (scope instanceof Construct) return;
  throw new Error(
    'loki-alerts: the scope is not a construct, or one of another copy of constructs: use one version of it in all packages, see npm ls constructs',
  );
}

const problems = peerProblems();
if (problems.length > 0) throw new Error(`loki-alerts: ${problems.join('; ')}`);
