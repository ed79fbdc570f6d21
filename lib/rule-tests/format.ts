import * as v from 'valibot';
import { nonEmptyText, text } from '../validate/fields';
import { fields, labelMap, positiveDuration, rate, streamLabels, testDuration } from './format-values';

/**
 * The format of rule tests, from which the reader's checks, `schemas/rule-test.schema.json` and the TypeScript types
 * are derived. The names are those of `promtool test rules` and of `lokitool rules test`
 * (https://github.com/grafana/loki/pull/20484); descriptions name the additions.
 */

const metadata = v.optional(labelMap('Structured metadata of the line; `{{n}}` is its number in generated lines.'));

const timedLine = fields(
  {
    /** Time of the line, from the start of the test. */
    at: testDuration,
    /** Text of the log line. */
    line: text('The log line.'),
    structured_metadata: metadata,
  },
  'One line at a time of the test. (Added to the upstream format.)',
);

const generatedLines = fields(
  {
    /** Start of the lines, exclusive. @default '0s' */
    from: v.optional(testDuration),
    /** End of the lines, inclusive: the time of the last one. */
    to: testDuration,
    /** Lines per unit of time: `120/s`, `30/m`, `1/h`. */
    rate,
    /** Text of the log line; `{{n}}` is its number, from 1. */
    line: text('The log line; `{{n}}` is its number, from 1.'),
    structured_metadata: metadata,
  },
  'Lines at a constant rate, in (from, to], as a LogQL range. (Added to the upstream format.)',
);

const line = v.lazy((input) => {
  if (typeof input === 'object' && input !== null) return 'at' in input ? timedLine : generatedLines;
  return v.pipe(
    v.string("must be a log line, a map with 'at' and 'line', or a map with 'from', 'to', 'rate' and 'line'"),
    v.metadata({ description: 'Plain lines are `interval` apart, the first at 0s.' }),
  );
});

const inputStream = fields(
  {
    /** Labels of the stream, as `{app="web"}` or as a map. */
    labels: streamLabels,
    /** Structured metadata of every line of the stream. @default none */
    structured_metadata: metadata,
    /** Log lines. */
    lines: v.optional(v.array(line, 'must be a list of log lines')),
    /** File with the log lines, relative to the test file. */
    file: v.optional(
      nonEmptyText('File with the log lines, relative to the test file. (Added to the upstream format.)'),
    ),
    /**
     * True if lines of the file start with an RFC 3339 timestamp, as `kubectl logs --timestamps` writes it.
     * @default false: lines are `interval` apart
     */
    timestamps: v.optional(
      v.pipe(
        v.boolean('must be true or false'),
        v.metadata({
          description:
            'True if lines of the file start with an RFC 3339 timestamp, as `kubectl logs --timestamps` writes it; the first line is at 0s.',
        }),
      ),
    ),
  },
  'A log stream and its lines.',
);

const expectedAlert = fields(
  {
    /** Labels; `alertname` may be omitted. @default none */
    exp_labels: v.optional(labelMap('Labels of the alert; `alertname` may be omitted.')),
    /** All annotations, rendered; `{}` for none. @default not compared */
    exp_annotations: v.optional(labelMap('All annotations, rendered; {} for none. Not compared if omitted.')),
  },
  'A firing alert.',
);

const alertRuleTest = fields(
  {
    /** Time of the evaluation, a multiple of the evaluation interval. */
    eval_time: testDuration,
    /** Name of the alert. */
    alertname: nonEmptyText('Name of an alert in rule_files.'),
    /** All firing alerts; `[]` for none. @default none, unless `exp_state` is set */
    exp_alerts: v.optional(v.array(expectedAlert, 'must be a list; [] for no alert')),
    /** State of the rule: the highest state of its alerts. @default not compared */
    exp_state: v.optional(
      v.pipe(
        v.picklist(['pending', 'firing', 'inactive'], "must be 'pending', 'firing' or 'inactive'"),
        v.metadata({
          description: 'State of the rule: the highest state of its alerts. (Added to the upstream format.)',
        }),
      ),
    ),
  },
  'Expected state and firing alerts of a rule at one time.',
);

const NUMBER_WORDS = ['NaN', 'Inf', '+Inf', '-Inf'] as const;

const sample = fields(
  {
    /** Labels of the sample. @default none */
    labels: v.optional(streamLabels),
    /** Value; `'NaN'`, `'+Inf'` and `'-Inf'` as strings. */
    value: v.union(
      [v.number(), v.pipe(v.string(), v.picklist(NUMBER_WORDS))],
      `must be a number, or one of ${NUMBER_WORDS.join(', ')}`,
    ),
  },
  'A sample of a metric query.',
);

const logLine = fields(
  {
    /** Labels, including structured metadata. @default not compared */
    labels: v.optional(streamLabels),
    /** Text of the line, as the query formats it. */
    line: text('The line, as the query formats it.'),
    /** Time in nanoseconds from the start of the test. @default not compared */
    timestamp: v.optional(
      v.pipe(
        v.number('must be nanoseconds from the start of the test'),
        v.metadata({ description: 'Nanoseconds from the start of the test.' }),
      ),
    ),
  },
  'A line that a log query returns.',
);

const logqlExprTest = fields(
  {
    /** LogQL, or the name of a recording rule in rule_files. */
    expr: nonEmptyText('LogQL, or the name of a recording rule in rule_files.'),
    /** Time of the query. */
    eval_time: testDuration,
    /** Samples of a metric query, in any order. @default none */
    exp_samples: v.optional(v.array(sample, 'must be a list of samples')),
    /** Lines of a log query up to `eval_time`, oldest first. */
    exp_logs: v.optional(v.array(logLine, 'must be a list of log lines')),
  },
  'Expected result of an expression at one time.',
);

const notification = fields(
  {
    /** Name of the receiver. */
    receiver: nonEmptyText('Name of the receiver.'),
    /** Status of the message: at least one alert fires, or all are resolved. */
    status: v.pipe(
      v.picklist(['firing', 'resolved'], "must be 'firing' or 'resolved'"),
      v.metadata({ description: 'Status of the message.' }),
    ),
    /** Slack: title of the message. */
    title: v.optional(text('Title of the Slack message.')),
    /** Slack: link of the title. */
    title_link: v.optional(text('Link of the title of the Slack message.')),
    /** Slack: text above the attachment. */
    pretext: v.optional(text('Text above the Slack attachment.')),
    /** Slack: text of the message. */
    text: v.optional(text('Text of the Slack message.')),
    /** Slack: text for clients that only show plain text, such as notifications of a phone. */
    fallback: v.optional(text('Text of the Slack message for clients that only show plain text.')),
    /** Slack: footer of the message. */
    footer: v.optional(text('Footer of the Slack message.')),
    /** Slack: color of the message. */
    color: v.optional(text('Color of the Slack message.')),
    /** Slack: channel of the message. */
    channel: v.optional(text('Channel of the Slack message.')),
    /** Slack: sender of the message. */
    username: v.optional(text('Sender of the Slack message.')),
    /** Links that the message must contain, in any field. */
    links: v.optional(
      v.pipe(
        v.array(v.string(), 'must be a list of links'),
        v.metadata({ description: 'Links that the message must contain, in any field.' }),
      ),
    ),
    /** Parts of the JSON body of the request: objects may have more fields, lists are compared in full. */
    body: v.optional(
      v.pipe(
        v.record(v.string(), v.unknown(), 'must be a map'),
        v.metadata({
          description:
            'Parts of the JSON body of the request: objects may have more fields, lists are compared in full.',
        }),
      ),
    ),
  },
  'A message as received. Omitted fields are not compared.',
);

const notificationTest = fields(
  {
    /** Time of the evaluation, a multiple of the evaluation interval. */
    eval_time: testDuration,
    /** All messages since the previous notification test, or since the start; `[]` for none. */
    exp_notifications: v.array(notification, 'must be a list; [] for no message'),
  },
  'Messages that Alertmanager sends up to one time. (Added to the upstream format.)',
);

const ruleTest = fields(
  {
    /** Name of the test. @default its index in the list, `tests[0]` */
    name: v.optional(text('Name of the test.')),
    /** Time between plain lines. @default the evaluation interval */
    interval: v.optional(positiveDuration),
    /** Labels that the ruler adds to every alert, `$externalLabels` in templates. @default none */
    external_labels: v.optional(labelMap('Labels that the ruler adds to every alert, $externalLabels in templates.')),
    /** The ruler's `external_url`, the start of the links of alerts. @default none */
    external_url: v.optional(text("The ruler's external_url, the start of the links of alerts.")),
    /** The ruler's `datasource_uid`, a part of the links of alerts. @default none */
    datasource_uid: v.optional(
      text("The ruler's datasource_uid, a part of the links of alerts. (Added to the upstream format.)"),
    ),
    /** Log streams. @default none: an empty Loki, e.g. for absence rules */
    input_streams: v.optional(v.array(inputStream, 'must be a list of streams')),
    /** Expected alerts. */
    alert_rule_test: v.optional(v.array(alertRuleTest, 'must be a list')),
    /** Expected results of expressions. */
    logql_expr_test: v.optional(v.array(logqlExprTest, 'must be a list')),
    /** Expected messages. */
    notification_test: v.optional(v.array(notificationTest, 'must be a list')),
  },
  'One test: log lines and expectations.',
);

const ruleTestFile = fields(
  {
    /** Loki rule files, relative to the test file; `*` and `**` are wildcards, as in a shell. @default none */
    rule_files: v.optional(v.array(nonEmptyText('Rule file or pattern.'), 'must be a list of files')),
    /** Tenant of Loki whose rules are tested, if `rule_files` has those of several. @default tenant of the stack */
    tenant: v.optional(
      nonEmptyText(
        'Tenant of Loki whose rules are tested, if rule_files has those of several. (Added to the upstream format.)',
      ),
    ),
    /** Evaluation interval of groups without `interval`. @default '1m', as in the ruler */
    evaluation_interval: v.optional(positiveDuration),
    /** alertmanager.yml, or a manifest with a ConfigMap that contains it, for notification tests. @default none */
    alertmanager_config: v.optional(
      nonEmptyText(
        'alertmanager.yml, or a manifest with a ConfigMap that contains it, for notification_test. (Added to the upstream format.)',
      ),
    ),
    tests: v.pipe(v.array(ruleTest, 'must be a list of tests'), v.minLength(1, 'must have at least one test')),
  },
  'Unit tests for LogQL rules, run by `loki-alerts test`.',
);

export { generatedLines, line as lineSchema, ruleTestFile as ruleTestSchema, timedLine };

/** A file of rule tests. */
export type RuleTestFile = v.InferInput<typeof ruleTestFile>;
/** One test. */
export type RuleTest = v.InferInput<typeof ruleTest>;
/** A log stream and its lines. */
export type InputStream = v.InferInput<typeof inputStream>;
/** A plain line, a line at one time, or lines at a rate. */
export type InputLine = string | v.InferInput<typeof timedLine> | v.InferInput<typeof generatedLines>;
/** Expected state and firing alerts of a rule at one time. */
export type AlertRuleTest = v.InferInput<typeof alertRuleTest>;
/** Expected result of an expression at one time. */
export type LogqlExprTest = v.InferInput<typeof logqlExprTest>;
/** Messages that Alertmanager sends up to one time. */
export type NotificationTest = v.InferInput<typeof notificationTest>;
/** A message as received. */
export type ExpectedNotification = v.InferInput<typeof notification>;
