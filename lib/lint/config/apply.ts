import { relative, resolve, sep } from 'node:path';
import ignore from 'ignore';
import { CHECKS, type CheckId } from '../../checks';
import { type Finding, finding } from '../../checks/findings';
import type { CheckOptions } from '../../rules/check-options';
import type { SourcedConfig } from './read';
import type { Config, ConfigWaiver, Level } from './schema';

/**
 * Returns findings with the levels of the configuration, without those of checks that are off, and with the reasons of
 * its waivers. Adds a finding for each waiver that has expired.
 *
 * @param today date of the run, for instance 2026-12-31 @default today, in UTC
 */
export function configured(
  findings: readonly Finding[],
  sourced: SourcedConfig,
  today = new Date().toISOString().slice(0, 10),
): Finding[] {
  const { waivers = [] } = sourced.config;
  const isExpired = ({ until }: ConfigWaiver) => until !== undefined && until < today;
  const valid = waivers.filter((waiver) => !isExpired(waiver)).map((waiver) => waives(waiver, sourced));
  const expired = waivers.flatMap((waiver, i) => (isExpired(waiver) ? expiredWaiver(waiver, i, sourced) : []));
  const level = levelsOf(sourced);
  return [...findings, ...expired].flatMap((found) => {
    const severity = level(found.id, found.place?.file);
    if (severity === 'off') return [];
    const reason = found.waived ?? valid.flatMap((waived) => waived(found) ?? [])[0];
    return { ...found, severity, ...(reason !== undefined && { waived: reason }) };
  });
}

/** Returns the check options that a configuration sets. */
export function knownOptions(config: Config): CheckOptions {
  const {
    evaluationInterval,
    retention,
    severities,
    collectorLabels,
    namespacedJobs,
    lokiLabels,
    remoteWrite,
    lokiVersion,
  } = config;
  return {
    evaluationInterval,
    retention,
    severities,
    collectorLabels,
    namespacedJobs,
    lokiLabels,
    remoteWrite,
    lokiVersion,
  };
}

/** Returns a function for the level of a check, in a file or in general. */
export function levelsOf(sourced: SourcedConfig): (id: CheckId, file?: string) => Level {
  const { checks = {}, overrides = [] } = sourced.config;
  const inPaths = overrides.map(({ paths, checks }) => ({ covers: coveredBy(paths, sourced), checks }));
  return (id, file) => {
    const [last] = file === undefined ? [] : inPaths.filter((each) => each.checks[id] && each.covers(file)).slice(-1);
    return last?.checks[id] ?? checks[id] ?? CHECKS[id].severity;
  };
}

/** Returns a function that is true for the files that patterns of the configuration match. */
function coveredBy(patterns: readonly string[], { folder }: SourcedConfig): (file: string) => boolean {
  const matcher = ignore().add([...patterns]);
  return (file) => {
    const path = relative(folder, resolve(file)).split(sep).join('/');
    return ignore.isPathValid(path) && matcher.ignores(path);
  };
}

/** Returns a function for the reason why a finding is waived; undefined if it is not. */
function waives({ check, reason, paths, alerts }: ConfigWaiver, sourced: SourcedConfig) {
  const covers = paths && coveredBy(paths, sourced);
  return ({ id, place, subject = '' }: Finding): string | undefined => {
    if (id !== check || (covers && !(place && covers(place.file)))) return undefined;
    if (alerts && !alerts.some((name) => subject.includes(`alert '${name}' in group `))) return undefined;
    return reason;
  };
}

function expiredWaiver({ check, until }: ConfigWaiver, i: number, { placeOf }: SourcedConfig): Finding {
  const path = ['waivers', i, 'until'];
  return finding('waiver-unused', {
    path,
    problem: `the waiver of "${check}" expired on ${until}, so it has no effect`,
    fix: 'fix what it waived and remove it, or extend it',
    place: placeOf(path),
  });
}
