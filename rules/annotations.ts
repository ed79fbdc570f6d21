import { type Duration, dashboardUrl, evaluatedRange, exploreUrl, type Links, runbookUrl } from '../lib';

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

/** Lines of the app that the alert counted. */
export interface CountedLines {
  /** Pipeline that selects them, such as `|= "panic: "`. @default none, all lines */
  readonly pipeline?: string;
  /** Time in which they were logged: the range of the expression, plus `for`. */
  readonly within: Duration;
}

/** Selector of the log of the app that caused the alert. */
const APP_LOG = '{namespace="{{ $labels.namespace }}", app="{{ $labels.app }}"}';

/** Returns the annotations that the Slack message shows: the texts, and links to Grafana and to the counted lines. */
export function annotations(
  links: Links,
  { pipeline, within, ...texts }: Texts & CountedLines,
): Record<string, string> {
  const expr = pipeline === undefined ? APP_LOG : `${APP_LOG} ${pipeline}`;
  return {
    ...texts,
    dashboard: dashboardUrl(links),
    runbook: runbookUrl(links),
    logurl: exploreUrl({ ...links, expr, range: evaluatedRange(within) }),
  };
}
