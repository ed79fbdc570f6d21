import { join } from 'node:path';
import type { Diagnosis } from '../checks/findings';
import { type Finding, finding, formatPath, type Path } from '../checks/findings';
import { parseLogQL } from '../logql';
import { checkRuleFiles } from '../rules/check-rules';
import { type AlertRule, isAlert, type RecordingRule, type RuleFile, type RuleGroup } from '../rules/model';
import { listYaml, readRuleFiles } from '../rules/read';
import { placeOf } from '../rules/source';
import { OWN_TENANT, rulesOfTenant, tenantsOf } from '../rules/tenant';
import { didYouMean } from '../text/did-you-mean';
import { durationMs, formatDuration } from '../text/duration';
import { BadInput } from './bad-input';
import { checkStream } from './check-stream';
import { expandStream, type TestStream } from './lines';
import { type NotificationConfig, readNotificationConfig } from './notification-config';
import type { SourcedTestFile } from './read';
import type { RuleTest } from './test-file';

/** An alert with its group and evaluation interval. */
export interface PlannedAlert {
  readonly rule: AlertRule;
  readonly group: RuleGroup;
  /** Evaluation interval of the group, milliseconds. */
  readonly intervalMs: number;
}

/** A test that is ready to run. */
export interface Plan {
  readonly file: SourcedTestFile;
  /** Index in `tests`. */
  readonly index: number;
  readonly name: string;
  readonly test: RuleTest;
  /** Log streams, expanded on demand: those of hundreds of tests would exhaust the memory. */
  readonly streams: () => readonly TestStream[];
  /** Alerts to evaluate: those that the test names, or all for notification tests. */
  readonly alerts: readonly PlannedAlert[];
  /** Recording rules by metric name, for expressions that are such a name. */
  readonly records: ReadonlyMap<string, RecordingRule>;
  /** Routes and receivers. @default none, without notification tests */
  readonly notifications?: NotificationConfig;
  /** Latest evaluation time of the test, milliseconds. */
  readonly endMs: number;
}

/** A test file with its rules. */
export interface PlannedFile {
  readonly file: SourcedTestFile;
  /** All alerts of its rule files. */
  readonly alerts: readonly PlannedAlert[];
  readonly plans: readonly Plan[];
  /** Paths of all files that the tests depend on, including the test file. */
  readonly reads: readonly string[];
}

/** Returns the name of a test, or its index in the list. */
export function nameOf(test: RuleTest, index: number): string {
  return test.name ?? `tests[${index}]`;
}

/**
 * Reads the rules of a test file and plans its tests.
 * @param typed rules from TypeScript, in addition to those in `rule_files` @default none
 * @throws {BadInput} with all findings
 */
export function planFile(file: SourcedTestFile, typed: readonly RuleFile[] = []): PlannedFile {
  const { content } = file;
  const patterns = (content.rule_files ?? []).map((pattern) => join(file.dir, pattern));
  const read = readRuleFiles(patterns);
  const own = rulesOfTenant(read, content.tenant);
  if (!own) {
    const path = [content.tenant === undefined ? 'rule_files' : 'tenant'];
    throw new BadInput([
      finding('rule-test', {
        path,
        problem: `no rules of tenant "${content.tenant ?? OWN_TENANT}" in "rule_files"`,
        fix: `set "tenant" to one of ${tenantsOf(read)}`,
        place: file.locate(path) ?? { file: file.path },
      }),
    ]);
  }
  const rules = [...own, ...typed];
  const broken = checkRuleFiles(rules, { evaluationInterval: content.evaluation_interval }).filter(
    ({ severity }) => severity === 'error',
  );
  if (broken.length > 0) throw new BadInput([...broken, ...readersOfRecords(rules)]);

  const defaultMs = toMs(content.evaluation_interval ?? '1m');
  const groups = rules.flatMap(({ groups: own }) => own);
  const alerts = groups.flatMap((group) =>
    group.rules
      .filter(isAlert)
      .map((rule) => ({ rule, group, intervalMs: group.interval ? toMs(group.interval) : defaultMs })),
  );
  const records = new Map(
    groups.flatMap((group) => group.rules.flatMap((rule) => (isAlert(rule) ? [] : [[rule.record, rule] as const]))),
  );

  const notifications = content.alertmanager_config
    ? readNotificationConfig(join(file.dir, content.alertmanager_config))
    : undefined;

  const findings: Finding[] = [];
  const plans = content.tests.map((test, index) =>
    planTest({ file, alerts, records, notifications, defaultMs, findings }, test, index),
  );
  if (findings.length > 0) throw new BadInput(findings);
  const inputs = content.tests.flatMap((test) => (test.input_streams ?? []).flatMap((stream) => stream.file ?? []));
  const named = [...inputs, ...[content.alertmanager_config ?? []].flat()].map((path) => join(file.dir, path));
  return { file, alerts, plans, reads: [file.path, ...patterns.flatMap((pattern) => listYaml(pattern)), ...named] };
}

interface Context extends Pick<PlannedFile, 'file' | 'alerts'>, Pick<Plan, 'notifications'> {
  readonly records: ReadonlyMap<string, RecordingRule>;
  readonly defaultMs: number;
  readonly findings: Finding[];
}

function planTest(context: Context, test: RuleTest, index: number): Plan {
  const { file, alerts, records, notifications, defaultMs, findings } = context;
  const name = nameOf(test, index);
  const report = (part: Path, { problem, fix }: Diagnosis) => {
    const path: Path = ['tests', index, ...part];
    const subject = `test '${name}': '${formatPath(path)}'`;
    findings.push(
      finding('rule-test', { path, subject, problem, fix, place: file.locate(path) ?? { file: file.path } }),
    );
  };

  const checks = [...(test.alert_rule_test ?? []), ...(test.logql_expr_test ?? []), ...(test.notification_test ?? [])];
  if (checks.length === 0)
    report([], {
      problem: 'has no expectations',
      fix: 'add "alert_rule_test", "logql_expr_test" or "notification_test"',
    });
  if (test.notification_test?.length && !file.content.alertmanager_config) {
    report(['notification_test'], {
      problem: 'requires "alertmanager_config"',
      fix: 'set it at the top of the file to alertmanager.yml, or to a manifest that contains it',
    });
  }

  const lineMs = toMs(test.interval) || defaultMs;
  for (const [i, stream] of (test.input_streams ?? []).entries()) {
    for (const { path, ...wrong } of checkStream(stream, lineMs, file.dir))
      report(['input_streams', i, ...path], wrong);
  }
  const streams = () => (test.input_streams ?? []).map((stream) => expandStream(stream, lineMs, file.dir));

  const names = [...new Set(alerts.map(({ rule }) => rule.alert))];
  for (const [i, { alertname, eval_time }] of (test.alert_rule_test ?? []).entries()) {
    const path = ['alert_rule_test', i];
    const own = alerts.filter(({ rule }) => rule.alert === alertname);
    if (own.length === 0) report([...path, 'alertname'], unknownAlert(alertname, names, file));
    for (const intervalMs of offGrid(eval_time, own))
      report([...path, 'eval_time'], offGridProblem(eval_time, intervalMs));
  }
  for (const [i, { eval_time }] of (test.notification_test ?? []).entries()) {
    // A message is about all rules, and each keeps its state until its next evaluation.
    const off = offGrid(eval_time, alerts);
    if (alerts.length > 0 && alerts.every(({ intervalMs }) => off.includes(intervalMs)))
      report(['notification_test', i, 'eval_time'], offGridProblem(eval_time, Math.min(...off)));
  }
  for (const [i, check] of (test.logql_expr_test ?? []).entries()) {
    const problem = records.has(check.expr)
      ? undefined
      : exprProblem(check.expr, check.exp_logs !== undefined, check.exp_samples !== undefined);
    if (problem) report(['logql_expr_test', i, 'expr'], problem);
  }

  const named = new Set((test.alert_rule_test ?? []).map(({ alertname }) => alertname));
  const evaluated = test.notification_test ? alerts : alerts.filter(({ rule }) => named.has(rule.alert));
  const endMs = Math.max(0, ...checks.map(({ eval_time }) => toMs(eval_time)));
  return { file, index, name, test, streams, alerts: evaluated, records, notifications, endMs };
}

function unknownAlert(alertname: string, names: readonly string[], { content }: SourcedTestFile): Diagnosis {
  if (!content.rule_files?.length && names.length === 0)
    return { problem: `unknown alert "${alertname}"`, fix: 'set "rule_files" to the file that defines it' };
  const fix = 'correct the name, or add the file that defines it to "rule_files"';
  return { problem: `unknown alert "${alertname}"`, fix: `${fix}${didYouMean(alertname, names)}` };
}

/** Returns the evaluation intervals that do not divide a time. */
function offGrid(time: string, alerts: readonly PlannedAlert[]): number[] {
  return [...new Set(alerts.map(({ intervalMs }) => intervalMs))].filter((intervalMs) => toMs(time) % intervalMs !== 0);
}

function offGridProblem(time: string, intervalMs: number): Diagnosis {
  const before = Math.floor(toMs(time) / intervalMs) * intervalMs;
  return {
    problem: `no evaluation at ${time}: the rule is evaluated every ${formatDuration(intervalMs)}`,
    fix: `use ${formatDuration(before)} or ${formatDuration(before + intervalMs)}`,
  };
}

function exprProblem(text: string, wantsLogs: boolean, wantsSamples: boolean): Diagnosis | undefined {
  const { expr, problems } = parseLogQL(text);
  if (!expr) {
    return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(text)
      ? { problem: `"${text}" is neither LogQL nor a recording rule in "rule_files"`, fix: 'correct the name' }
      : { problem: `invalid LogQL: ${problems[0].problem}`, fix: problems[0].fix };
  }
  const isLogs = expr.kind === 'log';
  if (isLogs && wantsSamples)
    return {
      problem: 'a log query returns no samples',
      fix: 'use "exp_logs", or count the lines with count_over_time',
    };
  if (!isLogs && wantsLogs) return { problem: 'a metric query returns no lines', fix: 'use "exp_samples"' };
  return undefined;
}

/** Finds alerts that read the metric of a recording rule, which no rule of Loki can. */
function readersOfRecords(files: readonly RuleFile[]): Finding[] {
  const rules = files.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const records = rules.flatMap((rule) => (isAlert(rule) ? [] : rule.record));
  return rules.filter(isAlert).flatMap((rule): Finding[] => {
    const record = parseLogQL(rule.expr).expr ? undefined : records.find((name) => rule.expr.includes(name));
    if (!record) return [];
    return [
      finding('rule-test', {
        subject: `alert '${rule.alert}'`,
        problem: `reads "${record}", which Loki's ruler writes to Prometheus and cannot read`,
        fix: 'use the LogQL of the recording rule here, or move the alert to Prometheus and test it with promtool',
        place: placeOf(rule, ['expr']),
      }),
    ];
  });
}

/** Returns the milliseconds of a checked duration; 0 if there is none. */
export function toMs(duration: string | undefined): number {
  return duration === undefined ? 0 : (durationMs(duration) ?? 0);
}
