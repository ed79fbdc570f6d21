import { dashboardUrl, exploreUrl, type Links, runbookUrl } from '../lib';

/** Texts of an alert; Go templates with `$labels` and `$value`. */
export interface Texts {
  /** Problem and place, in one line. */
  readonly title: string;
  /** Details, with the value. */
  readonly description: string;
  /** Consequence for users and operators. */
  readonly impact: string;
  /** First step to take. */
  readonly action: string;
}

/** Selector of the log of the app that caused the alert. */
const APP_LOG = '{namespace="{{ $labels.namespace }}", app="{{ $labels.app }}"}';

/** Returns the annotations that the Slack message shows: the texts, and links to Grafana. */
export function annotations(links: Links, texts: Texts): Record<string, string> {
  return {
    ...texts,
    dashboard: dashboardUrl(links),
    runbook: runbookUrl(links),
    logurl: exploreUrl({ ...links, expr: APP_LOG }),
  };
}
