import {
  type Duration,
  dashboardUrl,
  evaluatedRange,
  exploreUrl,
  type Links,
  runbookUrl,
  type SampleOptions,
  type SamplesProps,
  samples,
} from '../lib';

/** Props of alerts on log lines. */
export interface LogRuleProps extends Links {
  /** Lines of the log in the annotation `samples`, which messages show; false for none. @default the options' defaults */
  readonly samples?: SampleOptions | false;
}

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
export interface CountedLines extends Partial<Pick<SamplesProps, 'query' | 'range'>> {
  /** Query of the lines. @default all lines, and no samples of them */
  readonly query?: string;
  /** Time in which they were logged: the range of the expression, plus `for`. */
  readonly within: Duration;
}

/** Matchers for the log of the app that caused the alert. */
export const ITS_APP = 'namespace="{{ $labels.namespace }}", app="{{ $labels.app }}"';

/** Returns the annotations that the Slack message shows: the texts, lines if the alert has any, and links to Grafana. */
export function annotations(
  { samples: options, ...links }: LogRuleProps,
  texts: Texts,
  { query, range, within }: CountedLines,
): Record<string, string> {
  return {
    ...texts,
    ...(query !== undefined && options !== false ? { samples: samples({ ...options, query, range }) } : {}),
    dashboard: dashboardUrl(links),
    runbook: runbookUrl(links),
    logurl: exploreUrl({ ...links, expr: query ?? `{${ITS_APP}}`, range: evaluatedRange(within) }),
  };
}
