import { dashboardUrl, exploreUrl, type Links, runbookUrl } from '../lib';

/** What a person reads first; Go templates with `$labels` and `$value`. */
export interface Texts {
  /** One line: what is wrong, and where. */
  readonly title: string;
  /** The figure behind it. */
  readonly description: string;
  /** What it means for others. */
  readonly impact: string;
  /** What to do first. */
  readonly action: string;
}

/** The log of the app that an alert is about. */
const APP_LOG = '{namespace="{{ $labels.namespace }}", app="{{ $labels.app }}"}';

/** The annotations that the Slack message shows: the texts, and links that open in Grafana. */
export function annotations(links: Links, texts: Texts): Record<string, string> {
  return {
    ...texts,
    dashboard: dashboardUrl(links),
    runbook: runbookUrl(links),
    logurl: exploreUrl({ ...links, expr: APP_LOG }),
  };
}
