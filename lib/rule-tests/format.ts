import * as v from 'valibot';
import { nonEmptyText, text } from '../validate/fields';
import { fields, labelMap, positiveDuration, rate, streamLabels, testDuration } from './format-values';

import type {
  AlertRuleTest,
  ExpectedAlert,
  ExpectedLogLine,
  ExpectedNotification,
  ExpectedSample,
  GeneratedLines,
  InputStream,
  LogqlExprTest,
  NotificationTest,
  RuleTest,
  RuleTestFile,
  TimedLine,
} from './test-file';

/**
 * The format of rule tests, from which the reader's checks, `schemas/rule-test.schema.json` and the TypeScript types
 * are derived. The names are those of `promtool test rules` and of `lokitool rules test`
 * (https://github.com/grafana/loki/pull/20484); descriptions name the additions.
 */

const metadata = v.optional(labelMap('Structured metadata of the line; `{{n}}` is its number in generated lines.'));

const timedLine = fields<TimedLine>()(
  {
    at: testDuration,
    line: text('The log line.'),
    structured_metadata: metadata,
  },
  'One line at a time of the test. (Added to the upstream format.)',
);

const generatedLines = fields<GeneratedLines>()(
  {
    from: v.optional(testDuration),
    to: testDuration,
    rate,
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

const inputStream = fields<InputStream>()(
  {
    labels: streamLabels,
    structured_metadata: metadata,
    lines: v.optional(v.array(line, 'must be a list of log lines')),
    file: v.optional(
      nonEmptyText('File with the log lines, relative to the test file. (Added to the upstream format.)'),
    ),
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

const expectedAlert = fields<ExpectedAlert>()(
  {
    exp_labels: v.optional(labelMap('Labels of the alert; `alertname` may be omitted.')),
    exp_annotations: v.optional(labelMap('All annotations, rendered; {} for none. Not compared if omitted.')),
  },
  'A firing alert.',
);

const alertRuleTest = fields<AlertRuleTest>()(
  {
    eval_time: testDuration,
    alertname: nonEmptyText('Name of an alert in rule_files.'),
    exp_alerts: v.optional(v.array(expectedAlert, 'must be a list; [] for no alert')),
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

const sample = fields<ExpectedSample>()(
  {
    labels: v.optional(streamLabels),
    value: v.union([v.number(), v.picklist(NUMBER_WORDS)], `must be a number, or one of ${NUMBER_WORDS.join(', ')}`),
  },
  'A sample of a metric query.',
);

const logLine = fields<ExpectedLogLine>()(
  {
    labels: v.optional(streamLabels),
    line: text('The line, as the query formats it.'),
    timestamp: v.optional(
      v.pipe(
        v.number('must be nanoseconds from the start of the test'),
        v.metadata({ description: 'Nanoseconds from the start of the test.' }),
      ),
    ),
  },
  'A line that a log query returns.',
);

const logqlExprTest = fields<LogqlExprTest>()(
  {
    expr: nonEmptyText('LogQL, or the name of a recording rule in rule_files.'),
    eval_time: testDuration,
    exp_samples: v.optional(v.array(sample, 'must be a list of samples')),
    exp_logs: v.optional(v.array(logLine, 'must be a list of log lines')),
  },
  'Expected result of an expression at one time.',
);

const notification = fields<ExpectedNotification>()(
  {
    receiver: nonEmptyText('Name of the receiver.'),
    status: v.pipe(
      v.picklist(['firing', 'resolved'], "must be 'firing' or 'resolved'"),
      v.metadata({ description: 'Status of the message.' }),
    ),
    title: v.optional(text('Title of the Slack message.')),
    title_link: v.optional(text('Link of the title of the Slack message.')),
    pretext: v.optional(text('Text above the Slack attachment.')),
    text: v.optional(text('Text of the Slack message.')),
    fallback: v.optional(text('Text of the Slack message for clients that only show plain text.')),
    footer: v.optional(text('Footer of the Slack message.')),
    color: v.optional(text('Color of the Slack message.')),
    channel: v.optional(text('Channel of the Slack message.')),
    username: v.optional(text('Sender of the Slack message.')),
    sent_as: v.optional(
      v.pipe(
        v.picklist(['post', 'edit', 'thread'], "must be 'post', 'edit' or 'thread'"),
        v.metadata({
          description: "Form of the Slack message: a new one, a change of the group's message, or a reply to it.",
        }),
      ),
    ),
    links: v.optional(
      v.pipe(
        v.array(v.string(), 'must be a list of links'),
        v.metadata({ description: 'Links that the message must contain, in any field.' }),
      ),
    ),
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

const notificationTest = fields<NotificationTest>()(
  {
    eval_time: testDuration,
    exp_notifications: v.array(notification, 'must be a list; [] for no message'),
  },
  'Messages that Alertmanager sends up to one time. (Added to the upstream format.)',
);

const ruleTest = fields<RuleTest>()(
  {
    name: v.optional(text('Name of the test.')),
    interval: v.optional(positiveDuration),
    external_labels: v.optional(labelMap('Labels that the ruler adds to every alert, $externalLabels in templates.')),
    external_url: v.optional(text("The ruler's external_url, the start of the links of alerts.")),
    datasource_uid: v.optional(
      text("The ruler's datasource_uid, a part of the links of alerts. (Added to the upstream format.)"),
    ),
    input_streams: v.optional(v.array(inputStream, 'must be a list of streams')),
    alert_rule_test: v.optional(v.array(alertRuleTest, 'must be a list')),
    logql_expr_test: v.optional(v.array(logqlExprTest, 'must be a list')),
    notification_test: v.optional(v.array(notificationTest, 'must be a list')),
  },
  'One test: log lines and expectations.',
);

const ruleTestFile = fields<RuleTestFile>()(
  {
    rule_files: v.optional(v.array(nonEmptyText('Rule file or pattern.'), 'must be a list of files')),
    tenant: v.optional(
      nonEmptyText(
        'Tenant of Loki whose rules are tested, if rule_files has those of several. (Added to the upstream format.)',
      ),
    ),
    evaluation_interval: v.optional(positiveDuration),
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
