import { DASHBOARD_UID } from './config';

/** Id of the panel with the runbook; Grafana shows a panel alone by it. */
export const RUNBOOK_PANEL = 7;

/**
 * Address of the dashboard.
 *
 * @param base Root URL of Grafana.
 */
export function dashboardUrl(base: string): string {
  return `${base.replace(/\/$/, '')}/d/${DASHBOARD_UID}`;
}

/**
 * Address of the dashboard's runbook, which fills the window.
 *
 * @param base Root URL of Grafana.
 */
export function runbookUrl(base: string): string {
  return `${dashboardUrl(base)}?viewPanel=panel-${RUNBOOK_PANEL}`;
}
