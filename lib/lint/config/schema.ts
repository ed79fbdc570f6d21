import * as v from 'valibot';
import { CHECK_IDS, isCheckId } from '../../checks';
import { isRegexp } from '../../logql/regexp';
import { didYouMean } from '../../text/did-you-mean';
import { fields, nonEmptyText, text } from '../../validate/fields';
import { duration, wrong } from '../../validate/validate';
import { versionProblem } from '../../versions/alertmanager';
import { lokiVersionProblem } from '../../versions/loki';

/**
 * The format of `loki-alerts.yaml`, from which the reader's checks, `schemas/loki-alerts.schema.json` and the types are
 * derived.
 */

const described = <const Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.pipe(schema, v.metadata({ description }));

const texts = (description: string, each = 'Value.') =>
  described(v.array(nonEmptyText(each), 'must be a list'), description);

const flag = (description: string) => described(v.boolean('must be true or false'), description);

const labels = (description: string) =>
  described(v.record(v.string(), v.string('must be a string in quotes'), 'must be a map of strings'), description);

const patterns = (description: string) => texts(`${description} In the syntax of .gitignore.`, 'Pattern.');

const checkId = v.pipe(
  v.string('must be the ID of a check'),
  v.check(isCheckId, (issue) =>
    wrong('is not a check', `"loki-alerts check --list" shows all${didYouMean(issue.input, CHECK_IDS)}`),
  ),
);

const levels = described(
  v.record(
    checkId,
    v.picklist(['off', 'warning', 'error'], "must be 'off', 'warning' or 'error'"),
    'must be a map of checks to levels',
  ),
  'Levels of checks by ID: off, warning or error.',
);

const override = fields(
  {
    /** Files and folders, in the syntax of `.gitignore`. */
    paths: patterns('Files and folders.'),
    /** Levels of checks in these files. */
    checks: levels,
  },
  'Levels of checks in some files. Of several that match, the last one applies.',
);

const pattern = v.pipe(
  nonEmptyText('Regular expression that must match the whole value.'),
  v.check(isRegexp, wrong('is not a valid regular expression', 'use the syntax of RE2, as in LogQL')),
);

const requirement = fields(
  {
    /** Allowed values. @default any */
    values: v.optional(texts('Allowed values (default: any).')),
    /** Regular expression that must match the whole value. @default any value */
    pattern: v.optional(pattern),
    /** False if it may be missing. @default true */
    required: v.optional(flag('False if it may be missing (default: true).')),
  },
  'A requirement on a label or an annotation of every alert.',
);

const requirements = (what: string) =>
  described(
    v.record(v.string(), requirement, `must be a map of ${what} names`),
    `Required ${what}s of alerts, by name.`,
  );

const team = fields(
  {
    /** Namespaces that it owns; `*` matches any characters. @default none */
    namespaces: v.optional(texts('Namespaces that it owns; * matches any characters.', 'Namespace.')),
    /** Severities that its alerts may have. @default any */
    severities: v.optional(texts('Severities that its alerts may have (default: any).', 'Severity.')),
    /** Receivers that its alerts may go to. @default any */
    receivers: v.optional(texts('Receivers that its alerts may go to (default: any).', 'Receiver.')),
  },
  'A team: the value of the label team.',
);

const runbooks = fields(
  {
    /** Annotation that contains the link. @default 'runbook_url' */
    annotation: v.optional(nonEmptyText('Annotation that contains the link (default: runbook_url).')),
    /** Folders of the repository by the start of the URLs under which they are published. @default none */
    folders: v.optional(
      labels('Folders of the repository by the start of the URLs under which they are published (default: none).'),
    ),
  },
  'Links of alerts to runbooks in this repository, whose files and headings must exist.',
);

const waiver = fields(
  {
    /** ID of the check. */
    check: described(checkId, 'ID of the check.'),
    /** Reason, for readers. */
    reason: nonEmptyText('Reason, for readers.'),
    /** Last day, e.g. 2026-12-31. @default no end */
    until: v.optional(
      v.pipe(
        v.string('must be a date such as 2026-12-31'),
        v.isoDate(wrong('is not a valid date', 'use e.g. 2026-12-31')),
        v.metadata({ description: 'Last day, e.g. 2026-12-31 (default: no end).' }),
      ),
    ),
    /** Files and folders, in the syntax of `.gitignore`. @default all */
    paths: v.optional(patterns('Files and folders (default: all).')),
    /** Names of the alerts. @default all */
    alerts: v.optional(texts('Names of the alerts (default: all).', 'Name of an alert.')),
  },
  'A waiver of a check, until a date.',
);

export const configSchema = fields(
  {
    /** Paths that are checked if none is given. @default the working folder */
    paths: v.optional(texts('Files, folders and globs to check if none is given on the command line.', 'Path.')),
    /** Files and folders to exclude, in the syntax of `.gitignore`. @default none */
    exclude: v.optional(patterns('Files and folders to exclude.')),
    /** Language of rules in files, ConfigMaps and PrometheusRules. @default detected from their expressions */
    language: v.optional(
      described(
        v.picklist(['logql', 'promql'], "must be 'logql' or 'promql'"),
        'Language of rules in files, ConfigMaps and PrometheusRules (default: detected from their expressions).',
      ),
    ),
    /** True to fail on warnings too. @default false */
    strict: v.optional(flag('True to fail on warnings too.')),
    /** The ruler's `evaluation_interval`. @default '1m' */
    evaluationInterval: v.optional(described(duration, "The ruler's evaluation_interval (default: 1m).")),
    /** Loki's `retention_period`, before which ranges are empty. @default unknown, not checked */
    retention: v.optional(
      described(duration, "Loki's retention_period, before which ranges are empty (default: not checked)."),
    ),
    /** Version that runs `alertmanager.yml`. @default that of the stack */
    alertmanagerVersion: v.optional(
      v.pipe(
        text('Version that runs alertmanager.yml, in quotes.'),
        v.check(
          (version) => versionProblem(version) === undefined,
          (issue) => versionProblem(issue.input) ?? '',
        ),
      ),
    ),
    /** Version of Loki that runs the rules. @default that of the stack */
    lokiVersion: v.optional(
      v.pipe(
        text('Version of Loki that runs the rules, in quotes.'),
        v.check(
          (version) => lokiVersionProblem(version) === undefined,
          (issue) => lokiVersionProblem(issue.input) ?? '',
        ),
      ),
    ),
    /** Labels of the PrometheusRules that are meant for Loki. @default all are */
    prometheusRuleLabels: v.optional(labels('Labels of the PrometheusRules that are meant for Loki.')),
    /** Allowed values of the label `severity`. @default any */
    severities: v.optional(texts('Allowed values of the label severity.', 'Severity.')),
    /** Stream labels that the collector sets. @default those that collectors commonly set */
    collectorLabels: v.optional(
      texts('Stream labels that the collector sets, and service_name where Loki adds it.', 'Label.'),
    ),
    /** True if the label `job` is `<namespace>/<app>`. @default false */
    namespacedJobs: v.optional(flag('True if the label job is <namespace>/<app>.')),
    /** Labels of the stream of Loki's own logs. @default `container` and `app` are `loki` */
    lokiLabels: v.optional(labels("Labels of the stream of Loki's own logs.")),
    /** True if the ruler has a remote write target, false if not. @default unknown */
    remoteWrite: v.optional(flag('True if the ruler has a remote write target, false if not.')),
    /** Levels of checks. @default those of the checks */
    checks: v.optional(levels),
    /** Levels of checks in some files. @default none */
    overrides: v.optional(described(v.array(override, 'must be a list'), 'Levels of checks in some files.')),
    /** Requirements on the labels of alerts. @default none */
    labels: v.optional(requirements('label')),
    /** Requirements on the annotations of alerts. @default none */
    annotations: v.optional(requirements('annotation')),
    /** Requirements on links to runbooks. @default none */
    runbooks: v.optional(runbooks),
    /** Teams by the value of the label `team`. @default none */
    teams: v.optional(
      described(v.record(v.string(), team, 'must be a map of teams'), 'Teams by the value of the label team.'),
    ),
    /** Waivers. @default none */
    waivers: v.optional(described(v.array(waiver, 'must be a list'), 'Waivers, each with a reason.')),
  },
  'Configuration of `loki-alerts check` and of its plugin for cdk8s.',
);

/** Contents of `loki-alerts.yaml`. */
export type Config = v.InferOutput<typeof configSchema>;
/** Level of a check: `off`, or the severity of its findings. */
export type Level = 'off' | 'warning' | 'error';
/** A requirement on a label or an annotation. */
export type Requirement = v.InferOutput<typeof requirement>;
/** A team. */
export type Team = v.InferOutput<typeof team>;
/** A waiver of the configuration. */
export type ConfigWaiver = v.InferOutput<typeof waiver>;
