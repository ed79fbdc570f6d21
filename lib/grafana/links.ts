import { DASHBOARD_UID } from './config';

/** Id of the runbook panel, for a link to this panel alone. */
export const RUNBOOK_PANEL = 7;

/**
 * Returns the URL of a dashboard.
 *
 * @param base root URL of Grafana
 * @param uid uid of the dashboard. @default the dashboard of the stack
 */
export function dashboardUrl(base: string, uid: string = DASHBOARD_UID): string {
  return `${base.replace(/\/$/, '')}/d/${uid}`;
}

/**
 * Returns the URL of the dashboard's runbook, which fills the window.
 *
 * @param base root URL of Grafana
 */
export function runbookUrl(base: string): string {
  return `${dashboardUrl(base)}?viewPanel=panel-${RUNBOOK_PANEL}`;
}
