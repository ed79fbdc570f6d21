import * as v from 'valibot';
import type { Duration } from '../rules/model';
import { didYouMean } from '../text/did-you-mean';
import { durationMs } from '../text/duration';
import { parseLabels } from './labels';
import { parseRate } from './rate';

/**
 * The format of rule tests, once: the reader checks files with it, `schemas/rule-test.schema.json` is written from it,
 * and the TypeScript types follow from it. The names are those of `promtool test rules` and of `lokitool rules test`
 * (https://github.com/grafana/loki/pull/20484); what was added says so.
 */

/** Longest test time: a query over more than `max_query_length` (721h) is refused by Loki. */
const LONGEST_MS = 721 * 3_600_000;

/** `0` may stand without quotes, as promtool takes it. */
const durationText = v.union([v.string(), v.literal(0)], 'must be a duration such as 30s, 5m or 1h30m');

const duration = v.pipe(
  durationText,
  v.transform(String),
  v.check(
    (text) => durationMs(text) !== undefined,
    'is not a valid duration: use whole numbers with units, e.g. 90s or 1h30m',
  ),
  v.check((text) => (durationMs(text) ?? 0) <= LONGEST_MS, 'is longer than 721h, the longest range of a query in Loki'),
) as unknown as v.GenericSchema<Duration>;

const positiveDuration = v.pipe(
  duration,
  v.check((text) => durationMs(text) !== 0, 'must be longer than 0'),
) as v.GenericSchema<Duration>;

const rate = v.pipe(
  v.string('must be a rate such as 120/s, 30/m or 1/h'),
  v.check(
    (text) => parseRate(text) !== undefined,
    'is not a valid rate: use lines per second, minute or hour, e.g. 120/s, 30/m or 0.5/s',
  ),
  v.metadata({ description: 'Lines per second, minute or hour: 120/s, 30/m, 1/h.' }),
);

const text = (description: string) => v.pipe(v.string('must be a text in quotes'), v.metadata({ description }));

const nonEmptyText = (description: string) =>
  v.pipe(v.string('must be a text'), v.minLength(1, 'must not be empty'), v.metadata({ description }));

/** YAML reads `status: 500` as a number where labels want text; promtool takes it as its text, so it is taken here. */
const labelValue = v.pipe(
  v.union([v.string(), v.number(), v.boolean()], 'must be a text'),
  v.transform((value) => String(value)),
);

const labelMap = (description: string) =>
  v.pipe(v.record(v.string(), labelValue, 'must be a map of names to texts'), v.metadata({ description }));

const streamLabels = v.pipe(
  v.union(
    [
      v.pipe(
        v.string(),
        v.check(
          (labels) => 'labels' in parseLabels(labels),
          (issue) => problemOf(issue.input),
        ),
      ),
      v.record(v.string(), labelValue),
    ],
    (issue) =>
      typeof issue.input === 'string' ? problemOf(issue.input) : `must be labels such as '{app="web"}' or a map`,
  ),
  v.metadata({ description: `Labels as '{app="web", level="error"}' or as a map.` }),
);

function problemOf(labels: string): string {
  const parsed = parseLabels(labels);
  return 'problem' in parsed ? parsed.problem : '';
}

/** An object with these fields and no others. */
function fields<const Entries extends v.ObjectEntries>(entries: Entries, description: string) {
  return v.pipe(
    v.strictObject(entries, (issue) => {
      if (issue.expected !== 'never')
        return issue.path ? 'is missing' : `must be a map with the fields ${Object.keys(entries).join(', ')}`;
      const key = String(issue.path?.at(-1)?.key);
      if (REFUSED[key]) return REFUSED[key];
      return `is not a field: use one of ${Object.keys(entries).join(', ')}${didYouMean(key, Object.keys(entries))}`;
    }),
    v.metadata({ description }),
  );
}

/** Fields of promtool that mean nothing, or something else, for log rules. */
const REFUSED: Readonly<Record<string, string>> = {
  input_series: "is promtool's: log rules read log lines. Write 'input_streams' with labels and lines",
  promql_expr_test: "is promtool's. Write 'logql_expr_test' with a LogQL expression",
  group_eval_order: "has no effect: no rule of Loki can read another rule's result. Remove it",
  fuzzy_compare: 'is not needed: values are equal if they differ by less than 1e-9 of their size. Remove it',
};

const metadata = v.optional(labelMap('Structured metadata of the line; `{{n}}` is its number in generated lines.'));

const timedLine = fields(
  {
    /** When the line was logged, from the start of the test. */
    at: duration,
    /** The log line. */
    line: text('The log line.'),
    structured_metadata: metadata,
  },
  'One line at one time. (Added to the upstream format.)',
);

const generatedLines = fields(
  {
    /** Lines come after this time. @default '0s' */
    from: v.optional(duration),
    /** The last line comes at this time. */
    to: duration,
    /** Lines per unit of time: `120/s`, `30/m`, `1/h`. */
    rate,
    /** The log line; `{{n}}` is its number, from 1. */
    line: text('The log line; `{{n}}` is its number, from 1.'),
    structured_metadata: metadata,
  },
  'Lines at a steady rate, in (from, to] as LogQL counts them. (Added to the upstream format.)',
);

const line = v.lazy((input) => {
  if (typeof input === 'object' && input !== null) return 'at' in input ? timedLine : generatedLines;
  return v.pipe(
    v.string("must be a log line, or a map with 'at' and 'line', or with 'from', 'to', 'rate' and 'line'"),
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
    /** A file whose lines are the log lines, relative to the test file. */
    file: v.optional(
      nonEmptyText('A file whose lines are the log lines, relative to the test file. (Added to the upstream format.)'),
    ),
    /** The file's lines begin with an RFC 3339 timestamp, as `kubectl logs --timestamps` writes them. @default false: `interval` apart */
    timestamps: v.optional(
      v.pipe(
        v.boolean('must be true or false'),
        v.metadata({
          description:
            "The file's lines begin with an RFC 3339 timestamp, as `kubectl logs --timestamps` writes them; the first is at 0s.",
        }),
      ),
    ),
  },
  'A log stream and its lines.',
);

const expectedAlert = fields(
  {
    /** Labels without `alertname`. @default none */
    exp_labels: v.optional(labelMap('Labels of the alert; `alertname` may be left out.')),
    /** All annotations; `{}` for none. @default not compared */
    exp_annotations: v.optional(labelMap('All annotations, rendered; {} for none. Left out, they are not compared.')),
  },
  'An alert that fires.',
);

const alertRuleTest = fields(
  {
    /** Time of the evaluation, a multiple of the evaluation interval. */
    eval_time: duration,
    /** Name of the alert. */
    alertname: nonEmptyText('Name of an alert in rule_files.'),
    /** Every alert that fires; an empty list means none. @default none, unless `exp_state` is given */
    exp_alerts: v.optional(v.array(expectedAlert, 'must be a list; [] for no alert')),
    /** State of the rule: the highest among its alerts. @default not compared */
    exp_state: v.optional(
      v.pipe(
        v.picklist(['pending', 'firing', 'inactive'], "must be 'pending', 'firing' or 'inactive'"),
        v.metadata({ description: 'The highest state among the alerts of the rule. (Added to the upstream format.)' }),
      ),
    ),
  },
  'What an alert does at one time.',
);

const NUMBER_WORDS = ['NaN', 'Inf', '+Inf', '-Inf'] as const;

const sample = fields(
  {
    /** Labels of the sample. @default none */
    labels: v.optional(streamLabels),
    /** Value; `'NaN'`, `'+Inf'` and `'-Inf'` as text. */
    value: v.union(
      [v.number(), v.pipe(v.string(), v.picklist(NUMBER_WORDS))],
      `must be a number, or one of ${NUMBER_WORDS.join(', ')}`,
    ),
  },
  'A sample of a metric query.',
);

const logLine = fields(
  {
    /** Labels, structured metadata among them. @default not compared */
    labels: v.optional(streamLabels),
    /** The line, as the query formats it. */
    line: text('The line, as the query formats it.'),
    /** Nanoseconds from the start of the test. @default not compared */
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
    eval_time: duration,
    /** What a metric query returns, in any order. @default none */
    exp_samples: v.optional(v.array(sample, 'must be a list of samples')),
    /** What a log query returns of the lines up to `eval_time`, the oldest first. */
    exp_logs: v.optional(v.array(logLine, 'must be a list of log lines')),
  },
  'What an expression returns at one time.',
);

const notification = fields(
  {
    /** Name of the receiver. */
    receiver: nonEmptyText('Name of the receiver.'),
    /** What the message says: something fires, or all of it is resolved. */
    status: v.pipe(
      v.picklist(['firing', 'resolved'], "must be 'firing' or 'resolved'"),
      v.metadata({ description: 'What the message says.' }),
    ),
    /** Slack: the title of the message. */
    title: v.optional(text('Title of the Slack message.')),
    /** Slack: where the title leads. */
    title_link: v.optional(text('Where the title of the Slack message leads.')),
    /** Slack: text above the attachment. */
    pretext: v.optional(text('Text above the Slack attachment.')),
    /** Slack: the text. */
    text: v.optional(text('Text of the Slack message.')),
    /** Slack: what a phone shows. */
    fallback: v.optional(text('Text of the Slack message where only plain text is shown.')),
    /** Slack: the footer. */
    footer: v.optional(text('Footer of the Slack message.')),
    /** Slack: the bar's colour. */
    color: v.optional(text('Colour of the Slack message.')),
    /** Slack: the channel. */
    channel: v.optional(text('Channel of the Slack message.')),
    /** Slack: the sender's name. */
    username: v.optional(text('Sender of the Slack message.')),
    /** Links that the message must have, wherever in it. */
    links: v.optional(
      v.pipe(
        v.array(v.string(), 'must be a list of links'),
        v.metadata({ description: 'Links that the message must have, wherever in it.' }),
      ),
    ),
    /** Parts of the request's JSON body that must be as here: objects may have more fields, lists must be whole. */
    body: v.optional(
      v.pipe(
        v.record(v.string(), v.unknown(), 'must be a map'),
        v.metadata({
          description: "Parts of the request's JSON body: objects may have more fields, lists must be whole.",
        }),
      ),
    ),
  },
  'A message as its receiver gets it. Fields that are left out are not compared.',
);

const notificationTest = fields(
  {
    /** Time of the evaluation, a multiple of the evaluation interval. */
    eval_time: duration,
    /** Every message since the notification test before, or since the start; an empty list means none. */
    exp_notifications: v.array(notification, 'must be a list; [] for no message'),
  },
  'The messages that Alertmanager sends up to one time. (Added to the upstream format.)',
);

const ruleTest = fields(
  {
    /** Name of the test. @default its place in the list */
    name: v.optional(text('Name of the test.')),
    /** Time between plain lines. @default the evaluation interval */
    interval: v.optional(positiveDuration),
    /** Labels that the ruler adds to every alert it sends, `$externalLabels` in templates. @default none */
    external_labels: v.optional(
      labelMap('Labels that the ruler adds to every alert it sends, $externalLabels in templates.'),
    ),
    /** The ruler's `external_url`: where the links of alerts lead. @default none */
    external_url: v.optional(text("The ruler's external_url: where the links of alerts lead.")),
    /** The ruler's `datasource_uid`, a part of these links. @default none */
    datasource_uid: v.optional(
      text("The ruler's datasource_uid, a part of the links of alerts. (Added to the upstream format.)"),
    ),
    /** What was logged. @default nothing: an empty Loki, as absence rules want it */
    input_streams: v.optional(v.array(inputStream, 'must be a list of streams')),
    /** What alerts do. */
    alert_rule_test: v.optional(v.array(alertRuleTest, 'must be a list')),
    /** What expressions return. */
    logql_expr_test: v.optional(v.array(logqlExprTest, 'must be a list')),
    /** Which messages are sent. */
    notification_test: v.optional(v.array(notificationTest, 'must be a list')),
  },
  'One test: what was logged, and what follows from it.',
);

const ruleTestFile = fields(
  {
    /** Loki rule files, relative to the test file; `*` and `**` match as in a shell. @default none */
    rule_files: v.optional(v.array(nonEmptyText('A rule file or a pattern.'), 'must be a list of files')),
    /** Tenant of Loki whose rules are tested, where rule_files holds those of several. @default the stack's own */
    tenant: v.optional(
      nonEmptyText(
        'Tenant of Loki whose rules are tested, where rule_files holds those of several. (Added to the upstream format.)',
      ),
    ),
    /** How often groups without an interval of their own are evaluated. @default '1m', as the ruler */
    evaluation_interval: v.optional(positiveDuration),
    /** alertmanager.yml, or a manifest with a ConfigMap that holds it, for notification tests. @default none */
    alertmanager_config: v.optional(
      nonEmptyText(
        'alertmanager.yml, or a manifest with a ConfigMap that holds it, for notification_test. (Added to the upstream format.)',
      ),
    ),
    tests: v.pipe(
      v.array(ruleTest, 'must be a list of tests'),
      v.minLength(1, 'is empty: without a test nothing is proven'),
    ),
  },
  'Unit tests for LogQL rules, run by `loki-alerts test`.',
);

export { durationText, generatedLines, line as lineSchema, ruleTestFile as ruleTestSchema, timedLine };

/** A file of rule tests. */
export type RuleTestFile = v.InferInput<typeof ruleTestFile>;
/** One test. */
export type RuleTest = v.InferInput<typeof ruleTest>;
/** A log stream and its lines. */
export type InputStream = v.InferInput<typeof inputStream>;
/** A plain line, a line at one time, or lines at a rate. */
export type InputLine = string | v.InferInput<typeof timedLine> | v.InferInput<typeof generatedLines>;
/** What an alert does at one time. */
export type AlertRuleTest = v.InferInput<typeof alertRuleTest>;
/** What an expression returns at one time. */
export type LogqlExprTest = v.InferInput<typeof logqlExprTest>;
/** The messages up to one time. */
export type NotificationTest = v.InferInput<typeof notificationTest>;
/** A message as its receiver gets it. */
export type ExpectedNotification = v.InferInput<typeof notification>;
