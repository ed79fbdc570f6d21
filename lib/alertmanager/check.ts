import { type Finding, isWithin } from '../findings';
import { checkCredentials } from './check-credentials';
import { checkEmptyReceivers } from './check-empty-receivers';
import { checkInhibition } from './check-inhibition';
import { checkMatchers } from './check-matchers';
import { checkNames } from './check-names';
import { checkReceivers } from './check-receivers';
import { checkRoutes } from './check-routes';
import { checkRouteTimes } from './check-times';
import type { AlertmanagerConfig } from './config';
import { alertmanagerConfigAt } from './config-schema';
import { type Positions, Report, type Written } from './report';
import { routesOf, unreadableRoute } from './routes';
import { checkShape } from './shape';
import { checkTemplates } from './templates';
import { typedPart } from './typed-part';
import { type AlertmanagerVersion, DEFAULT_ALERTMANAGER } from './version';

interface Circumstances {
  /** False if the author of the config could not have written `global`, as in options for routes. @default true */
  readonly hasGlobal?: boolean;
  /** @default the config is as it was written */
  readonly written?: Written;
  /** Version that the config is for. @default the one of the manifests */
  readonly alertmanagerVersion?: AlertmanagerVersion;
}

/** A configuration that was checked. */
export interface CheckedConfig {
  readonly findings: readonly Finding[];
  /** As much of it as has the right types, for further checks. @default its types say too little */
  readonly typed?: AlertmanagerConfig;
  /** Whether all fields of routes have the right types, and their matchers can be read. */
  readonly routesReadable: boolean;
}

/**
 * Everything that Alertmanager would refuse, as errors, and what it would take and not do as meant, as warnings.
 *
 * @param positions where the config was read from @default none, findings name the field only
 */
export function checkAlertmanagerConfig(
  config: AlertmanagerConfig,
  positions?: Positions,
  circumstances: Circumstances = {},
): Finding[] {
  return [...checkedConfig(config, positions, circumstances).findings];
}

/** The same, with what further checks can use. What depends on a field of the wrong type is not checked; the rest is. */
export function checkedConfig(
  config: AlertmanagerConfig,
  positions?: Positions,
  { hasGlobal = true, written, alertmanagerVersion: version = DEFAULT_ALERTMANAGER }: Circumstances = {},
): CheckedConfig {
  const report = new Report(config, positions, written);
  const isTyped = checkShape(config, alertmanagerConfigAt(version), [], report, (path, leaf, value) => {
    checkCredentials(path, leaf, value, report);
    checkTemplates(path, leaf, value, report, version);
  });
  const { config: typed, leftOut } = isTyped ? { config, leftOut: [] } : typedPart(config, version);
  if (typed === undefined) return { findings: report.inOrder(), routesReadable: false };
  const further = new Report(config, positions, written);
  const routesTyped = leftOut.every(([section]) => section !== 'route');
  checkNames(typed, further);
  checkReceivers(typed, further, { hasGlobal, version });
  checkEmptyReceivers(typed, further);
  checkInhibition(typed, further);
  checkRouteTimes(typed, further);
  checkMatchers(typed, further);
  if (typed.route && routesTyped) checkRoutes(typed, further);
  const ofLeftOut = ({ path }: Finding) => leftOut.some((field) => isWithin(further.pathOf(field), path));
  report.findings.push(...further.findings.filter((found) => !ofLeftOut(found)));
  return {
    findings: report.inOrder(),
    typed,
    routesReadable: typed.route !== undefined && routesTyped && unreadableRoute(routesOf(typed)) === undefined,
  };
}
