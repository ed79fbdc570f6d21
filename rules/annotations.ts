import {
  dashboardUrl,
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

/** Matchers for the log of the app that caused the alert. */
export const ITS_APP = 'namespace="{{ $labels.namespace }}", app="{{ $labels.app }}"';

/** Returns the annotations that the Slack message shows: the texts, lines if the alert has any, and links to Grafana. */
export function annotations(
  { samples: options, ...links }: LogRuleProps,
  texts: Texts,
  lines?: Pick<SamplesProps, 'query' | 'range'>,
): Record<string, string> {
  return {
    ...texts,
    ...(lines && options !== false ? { samples: samples({ ...options, ...lines }) } : {}),
    dashboard: dashboardUrl(links),
    runbook: runbookUrl(links),
    logurl: exploreUrl({ ...links, expr: `{${ITS_APP}}` }),
  };
}
