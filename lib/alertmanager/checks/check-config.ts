import { CHECKS } from '../../checks';
import { type Finding, isWithin, notWaived } from '../../checks/findings';
import { type AlertmanagerVersion, DEFAULT_ALERTMANAGER } from '../../versions/alertmanager';
import type { AlertmanagerConfig } from '../config/config';
import { ConfigFindings, type Positions, type Written } from '../config/config-findings';
import { alertmanagerConfigAt } from '../config/config-schema';
import { firstMatcherProblem, routesOf } from '../config/routes';
import { checkShape } from '../config/shape';
import { checkTemplates } from '../templates';
import { checkCredentials } from './credentials';
import { checkEmptyReceivers } from './empty-receivers';
import { checkInhibition } from './inhibition';
import { checkIntervals } from './intervals';
import { checkMatchers } from './matchers';
import { checkNames } from './names';
import { checkReceivers } from './receivers';
import { checkRoutes } from './routes';
import { checkSplit } from './split';
import { checkRouteTimes } from './times';
import { typedPart } from './typed-part';
import { withoutWaivers, wrongWaivers } from './waivers';

/** Options of `checkAlertmanagerConfig`. */
export interface CheckAlertmanagerOptions {
  /** Places in the file that the config was read from. @default none, findings only name the field */
  readonly positions?: Positions;
  /** False if the author of the config cannot set `global`, as in options for routes. @default true */
  readonly hasGlobal?: boolean;
  /** Paths as the author of the config wrote them. @default those of the config */
  readonly written?: Written;
  /** Version that the config is for. @default the one of the manifests */
  readonly alertmanagerVersion?: AlertmanagerVersion;
  /** Includes waived findings, with the reason. @default false */
  readonly keepWaived?: boolean;
}

/** Result of the checks of a config. */
export interface CheckedConfig {
  readonly findings: readonly Finding[];
  /** The part with the right types, for further checks. @default none, too much has the wrong type */
  readonly typed?: AlertmanagerConfig;
  /** True if all fields of routes have the right types and all matchers are valid. */
  readonly routesReadable: boolean;
}

/**
 * Returns errors for everything that Alertmanager would reject, and warnings for what it would accept but not do as
 * intended.
 *
 * @example
 * const findings = checkAlertmanagerConfig(readAlertmanagerFile('alertmanager.yml'));
 * for (const finding of findings) console.error(formatFinding(finding));
 */
export function checkAlertmanagerConfig(config: AlertmanagerConfig, options: CheckAlertmanagerOptions = {}): Finding[] {
  return [...checkedConfig(config, options).findings];
}

/** Checks a config and returns the part for further checks. Dependents of a field of the wrong type are not checked. */
export function checkedConfig(
  config: AlertmanagerConfig,
  {
    positions,
    hasGlobal = true,
    written,
    alertmanagerVersion: version = DEFAULT_ALERTMANAGER,
    keepWaived = false,
  }: CheckAlertmanagerOptions = {},
): CheckedConfig {
  const report = new ConfigFindings(config, positions, written);
  for (const path of wrongWaivers(config)) {
    report.add('alertmanager-type', path, { problem: 'expected a list of { check, reason }' });
  }
  report.addInvalidWaivers();
  const plain = withoutWaivers(config);
  const isTyped = checkShape(plain, alertmanagerConfigAt(version), [], report, (path, leaf, value) => {
    checkCredentials(path, leaf, value, report);
    checkTemplates(path, leaf, value, report, version);
  });
  const { config: typed, leftOut } = isTyped ? { config: plain, leftOut: [] } : typedPart(plain, version);
  const routesTyped = leftOut.every(([section]) => section !== 'route');
  const routesReadable =
    typed?.route !== undefined && routesTyped && firstMatcherProblem(routesOf(typed)) === undefined;
  if (typed) {
    const further = isTyped ? report : new ConfigFindings(config, positions, written);
    checkNames(typed, further);
    checkReceivers(typed, further, { hasGlobal, version });
    checkEmptyReceivers(typed, further);
    checkSplit(typed, further);
    checkInhibition(typed, further);
    checkIntervals(typed, further, new Date());
    checkRouteTimes(typed, further);
    checkMatchers(typed, further);
    if (typed.route && routesTyped) checkRoutes(typed, further);
    const ofLeftOut = ({ path }: Finding) => leftOut.some((field) => isWithin(further.pathOf(field), path));
    if (!isTyped) report.findings.push(...further.findings.filter((found) => !ofLeftOut(found)));
    if (isTyped && routesReadable) report.addUnusedWaivers((id) => CHECKS[id].needs !== 'rules');
  }
  const findings = report.inOrder();
  return {
    findings: keepWaived ? findings : notWaived(findings),
    typed: isTyped ? config : typed,
    routesReadable,
  };
}
