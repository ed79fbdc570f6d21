import { DASHBOARD_UID } from './config';

/** Id of the runbook panel, for a link to this panel alone. */
export const RUNBOOK_PANEL = 7;

/** Target of links to Grafana. */
export interface Links {
  /** Base URL of Grafana as people open it. */
  readonly grafanaUrl: string;
}

/** Props of `dashboardUrl`. */
export interface DashboardUrlProps extends Links {
  /** Uid of the dashboard. @default that of the stack's dashboard */
  readonly uid?: string;
}

/**
 * Returns the URL of a dashboard.
 *
 * @example
 * const annotations = { dashboard: dashboardUrl({ grafanaUrl: 'https://grafana.example.com', uid: 'payments' }) };
 */
export function dashboardUrl({ grafanaUrl, uid = DASHBOARD_UID }: DashboardUrlProps): string {
  return `${grafanaUrl.replace(/\/$/, '')}/d/${uid}`;
}

/**
 * Returns the URL of the runbook of the stack's dashboard, which fills the window.
 *
 * @example
 * const annotations = { runbook: runbookUrl({ grafanaUrl: 'https://grafana.example.com' }) };
 */
export function runbookUrl({ grafanaUrl }: Links): string {
  return `${dashboardUrl({ grafanaUrl })}?viewPanel=panel-${RUNBOOK_PANEL}`;
}
