import { dashboardUrl, exploreUrl, runbookUrl } from '../lib';

/** Where the links of every alert lead. */
export interface Links {
  /** Base URL of Grafana as people open it. */
  readonly grafanaUrl: string;
}

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
export function annotations({ grafanaUrl }: Links, texts: Texts): Record<string, string> {
  return {
    ...texts,
    dashboard: dashboardUrl(grafanaUrl),
    runbook: runbookUrl(grafanaUrl),
    logurl: exploreUrl(grafanaUrl, APP_LOG),
  };
}
