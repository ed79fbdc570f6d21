import type { Duration } from '../rules/model';

/** Names and values; numbers and booleans are converted to strings, as promtool does. */
export type LabelMap = Readonly<Record<string, string | number | boolean>>;

/** A plain line, a line at one time, or lines at a rate. */
export type InputLine = string | TimedLine | GeneratedLines;

/** A line at one time of the test. */
export interface TimedLine {
  /** Time of the line, from the start of the test. */
  readonly at: Duration;
  /** Text of the log line. */
  readonly line: string;
  /** Structured metadata of the line; `{{n}}` is its number in generated lines. @default none */
  readonly structured_metadata?: LabelMap;
}

/** Lines at a constant rate, in (from, to], as a LogQL range. */
export interface GeneratedLines {
  /** Start of the lines, exclusive. @default '0s' */
  readonly from?: Duration;
  /** End of the lines, inclusive: the time of the last one. */
  readonly to: Duration;
  /** Lines per unit of time: `120/s`, `30/m`, `1/h`. */
  readonly rate: string;
  /** Text of the log line; `{{n}}` is its number, from 1. */
  readonly line: string;
  /** Structured metadata of the line; `{{n}}` is its number in generated lines. @default none */
  readonly structured_metadata?: LabelMap;
}

/** A log stream and its lines. */
export interface InputStream {
  /** Labels of the stream, as `{app="web"}` or as a map. */
  readonly labels: string | LabelMap;
  /** Structured metadata of every line of the stream. @default none */
  readonly structured_metadata?: LabelMap;
  /** Log lines. */
  readonly lines?: readonly InputLine[];
  /** File with the log lines, relative to the test file. */
  readonly file?: string;
  /**
   * True if lines of the file start with an RFC 3339 timestamp, as `kubectl logs --timestamps` writes it.
   * @default false: lines are `interval` apart
   */
  readonly timestamps?: boolean;
}

/** A firing alert. */
export interface ExpectedAlert {
  /** Labels; `alertname` may be omitted. @default none */
  readonly exp_labels?: LabelMap;
  /** All annotations, rendered; `{}` for none. @default not compared */
  readonly exp_annotations?: LabelMap;
}

/** Expected state and firing alerts of a rule at one time. */
export interface AlertRuleTest {
  /** Time of the evaluation, a multiple of the evaluation interval. */
  readonly eval_time: Duration;
  /** Name of the alert. */
  readonly alertname: string;
  /** All firing alerts; `[]` for none. @default none, unless `exp_state` is set */
  readonly exp_alerts?: readonly ExpectedAlert[];
  /** State of the rule: the highest state of its alerts. @default not compared */
  readonly exp_state?: 'pending' | 'firing' | 'inactive';
}

/** A sample of a metric query. */
export interface ExpectedSample {
  /** Labels of the sample. @default none */
  readonly labels?: string | LabelMap;
  /** Value; `'NaN'`, `'+Inf'` and `'-Inf'` as strings. */
  readonly value: number | 'NaN' | 'Inf' | '+Inf' | '-Inf';
}

/** A line that a log query returns. */
export interface ExpectedLogLine {
  /** Labels, including structured metadata. @default not compared */
  readonly labels?: string | LabelMap;
  /** Text of the line, as the query formats it. */
  readonly line: string;
  /** Time in nanoseconds from the start of the test. @default not compared */
  readonly timestamp?: number;
}

/** Expected result of an expression at one time. */
export interface LogqlExprTest {
  /** LogQL, or the name of a recording rule in rule_files. */
  readonly expr: string;
  /** Time of the query. */
  readonly eval_time: Duration;
  /** Samples of a metric query, in any order. @default none */
  readonly exp_samples?: readonly ExpectedSample[];
  /** Lines of a log query up to `eval_time`, oldest first. */
  readonly exp_logs?: readonly ExpectedLogLine[];
}

/** Forms of a Slack message. */
export type SentAs = 'post' | 'edit' | 'thread';

/** A message as received. Omitted fields are not compared. */
export interface ExpectedNotification {
  /** Name of the receiver. */
  readonly receiver: string;
  /** Status of the message: at least one alert fires, or all are resolved. */
  readonly status: 'firing' | 'resolved';
  /** Slack: title of the message. */
  readonly title?: string;
  /** Slack: link of the title. */
  readonly title_link?: string;
  /** Slack: text above the attachment. */
  readonly pretext?: string;
  /** Slack: text of the message. */
  readonly text?: string;
  /** Slack: text for clients that only show plain text, such as notifications of a phone. */
  readonly fallback?: string;
  /** Slack: footer of the message. */
  readonly footer?: string;
  /** Slack: color of the message. */
  readonly color?: string;
  /** Slack: channel of the message. */
  readonly channel?: string;
  /** Slack: sender of the message. */
  readonly username?: string;
  /**
   * Slack: `post` for a new message; with the token of an app, also `edit` for a change of the group's message, and
   * `thread` for a reply to it.
   */
  readonly sent_as?: SentAs;
  /** Links that the message must contain, in any field. */
  readonly links?: readonly string[];
  /** Parts of the JSON body of the request: objects may have more fields, lists are compared in full. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Messages that Alertmanager sends up to one time. */
export interface NotificationTest {
  /** Time of the evaluation, a multiple of the evaluation interval. */
  readonly eval_time: Duration;
  /** All messages since the previous notification test, or since the start; `[]` for none. */
  readonly exp_notifications: readonly ExpectedNotification[];
}

/** One test: log lines and expectations. */
export interface RuleTest {
  /** Name of the test. @default its index in the list, `tests[0]` */
  readonly name?: string;
  /** Time between plain lines. @default the evaluation interval */
  readonly interval?: Duration;
  /** Labels that the ruler adds to every alert, `$externalLabels` in templates. @default none */
  readonly external_labels?: LabelMap;
  /** The ruler's `external_url`, the start of the links of alerts. @default none */
  readonly external_url?: string;
  /** The ruler's `datasource_uid`, a part of the links of alerts. @default none */
  readonly datasource_uid?: string;
  /** Log streams. @default none: an empty Loki, e.g. for absence rules */
  readonly input_streams?: readonly InputStream[];
  /** Expected alerts. */
  readonly alert_rule_test?: readonly AlertRuleTest[];
  /** Expected results of expressions. */
  readonly logql_expr_test?: readonly LogqlExprTest[];
  /** Expected messages. */
  readonly notification_test?: readonly NotificationTest[];
}

/** A file of rule tests, as `loki-alerts test` runs it. */
export interface RuleTestFile {
  /** Loki rule files, relative to the test file; `*` and `**` are wildcards, as in a shell. @default none */
  readonly rule_files?: readonly string[];
  /** Tenant of Loki whose rules are tested, if `rule_files` has those of several. @default tenant of the stack */
  readonly tenant?: string;
  /** Evaluation interval of groups without `interval`. @default '1m', as in the ruler */
  readonly evaluation_interval?: Duration;
  /** alertmanager.yml, or a manifest with a ConfigMap that contains it, for notification tests. @default none */
  readonly alertmanager_config?: string;
  /** Tests, at least one. */
  readonly tests: readonly RuleTest[];
}
