import { DASHBOARD_UID } from './config';

/** Id of the panel with the runbook; Grafana shows a panel alone by it. */
export const RUNBOOK_PANEL = 7;

/**
 * Address of a dashboard.
 *
 * @param base Root URL of Grafana.
 * @param uid @default that of the dashboard of the stack
 */
export function dashboardUrl(base: string, uid: string = DASHBOARD_UID): string {
  return `${base.replace(/\/$/, '')}/d/${uid}`;
}

/**
 * Address of the dashboard's runbook, which fills the window.
 *
 * @param base Root URL of Grafana.
 */
export function runbookUrl(base: string): string {
  return `${dashboardUrl(base)}?viewPanel=panel-${RUNBOOK_PANEL}`;
}
