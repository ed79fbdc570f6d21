import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../engines';
import { commandLine } from '../engines/command';
import { runCommand } from '../engines/run';
import { formatDuration, prometheusOrGoDurationNs } from '../text/duration';
import { unquoteGo } from '../text/go-string';
import type { Labels } from './labels';
import type { PlannedAlert } from './plan';
import type { Series } from './series';
import type { Answer, Answers, Question } from './template-queries';

/**
 * One run of promtool, which has the same rule engine as Loki's ruler. It gets each rule unchanged except for the
 * expression, which is replaced by the series that Loki computed, one sample per evaluation. promtool then applies
 * `for`, labels, limits and templates; its test output contains the firing alerts, and the metric `ALERTS` the pending
 * ones. https://github.com/prometheus/prometheus/blob/main/cmd/promtool/unittest.go
 */
export interface Trial {
  /** Evaluation interval in milliseconds, the same for all rules of the trial. */
  readonly intervalMs: number;
  /** Index of the last evaluation. */
  readonly lastStep: number;
  readonly rules: readonly EvaluatedRule[];
  /** Evaluations to report firing alerts for. */
  readonly shown: readonly number[];
  /**
   * Evaluations whose annotations are needed, in addition to the last one of each period in which an alert fires:
   * queries in the templates of others are not answered.
   */
  readonly needed: ReadonlySet<number>;
  readonly externalLabels?: Labels;
  readonly externalUrl?: string;
  /** Evaluates a query of a template. @throws the error of the engine */
  readonly ask: (question: Question) => Promise<Answer>;
}

/** A rule with the results of its expression. */
export interface EvaluatedRule {
  readonly alert: PlannedAlert;
  readonly series: readonly Series[];
}

/** A trial, and the answers to the queries in its templates. */
export interface AnsweredTrial {
  readonly trial: Trial;
  readonly answers: Answers;
}

/** A firing alert. */
export interface FiringAlert {
  /** Labels, including `alertname`. */
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** The history of an alert: the evaluations after which it was pending or firing. */
export interface AlertHistory {
  /** Labels, including `alertname`. */
  readonly labels: Labels;
  readonly pending: ReadonlySet<number>;
  readonly firing: ReadonlySet<number>;
}

export interface Verdict {
  /** Firing alerts by evaluation, for the evaluations in `shown`. */
  readonly firing: ReadonlyMap<number, readonly FiringAlert[]>;
  readonly histories: readonly AlertHistory[];
  /** Errors that the ruler would have too, such as two alerts with the same labels. */
  readonly errors: readonly string[];
}

/** An alert that never fires: promtool prints the actual alerts only if a test fails. */
const NEVER = [{ exp_labels: { __never__: 'never' } }];

/**
 * Runs trials in one promtool process. A template that asks a query without an answer becomes an error message.
 * @param dir directory for its files, whose contents are replaced
 * @throws if promtool cannot run, or its output cannot be parsed
 */
export async function runPromtool(promtool: Engine, dir: string, trials: readonly AnsweredTrial[]): Promise<Verdict[]> {
  if (trials.length === 0) return [];
  mkdirSync(join(dir, 'tmp'), { recursive: true });
  const files = trials.map((trial, i) => writeTrial(dir, trial, i));
  // A killed promtool leaves its storage behind: `dir` is removed later.
  const env = { ...process.env, TMPDIR: join(dir, 'tmp') };
  const line = commandLine(promtool, ['test', 'rules', ...files], dir);
  const { stderr } = await runCommand(line, { cwd: dir, env });
  // Every trial fails, since NEVER never fires: one block each, in the order of the files.
  const failures = stderr.split(/^ {2}FAILED:$/m).slice(1);
  if (failures.length !== trials.length)
    throw new Error(`promtool ${promtool.version} failed:\n${stderr.slice(0, 2000)}`);
  return trials.map(({ trial }, i) => readVerdict(trial, failures[i] ?? ''));
}

/** Writes the input of promtool; returns the name of the test file. */
function writeTrial(dir: string, { trial, answers }: AnsweredTrial, index: number): string {
  const { intervalMs, rules, lastStep } = trial;
  const groups = rules.map(({ alert }, i) => {
    const rule = answers.replaceQueries(alert.rule);
    return {
      name: `group ${i}`,
      limit: alert.group.limit,
      // `* 1` drops the name of the series, which would appear in templates that print $labels.
      rules: [
        {
          alert: rule.alert,
          expr: `${seriesName(i)} * 1`,
          for: rule.for,
          labels: rule.labels,
          annotations: rule.annotations,
        },
      ],
    };
  });
  const names = [...new Set(rules.map(({ alert }) => alert.rule.alert))];
  const shown = [...new Set([...trial.shown, lastStep])];
  const test = {
    name: `trial ${index}`,
    interval: `${intervalMs}ms`,
    input_series: [
      ...rules.flatMap(({ series }, i) => inputSeries(seriesName(i), series, lastStep)),
      ...[...answers.series()].flatMap(([name, series]) => inputSeries(name, series, lastStep)),
    ],
    external_labels: trial.externalLabels,
    external_url: trial.externalUrl,
    alert_rule_test: shown.flatMap((step) =>
      names.map((alertname) => ({ alertname, eval_time: `${step * intervalMs}ms`, exp_alerts: NEVER })),
    ),
    promql_expr_test: stepsWithValues(rules).map((step) => ({
      expr: 'ALERTS',
      eval_time: `${step * intervalMs}ms`,
      exp_samples: [],
    })),
  };
  const rulesFile = `rules-${index}.json`;
  const testFile = `test-${index}.json`;
  writeFileSync(join(dir, rulesFile), toYaml({ groups }));
  writeFileSync(
    join(dir, testFile),
    toYaml({ rule_files: [rulesFile], evaluation_interval: `${intervalMs}ms`, tests: [test] }),
  );
  return testFile;
}

/** Writes JSON, with escapes for the characters that are line breaks or not allowed in YAML. */
function toYaml(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function seriesName(index: number): string {
  return `logql_result_${index}`;
}

function inputSeries(name: string, series: readonly Series[], lastStep: number): object[] {
  return series.map(({ labels, values }) => ({
    series: name + promLabels(labels),
    values: seriesValues(values, lastStep),
  }));
}

/** Returns the evaluations after which an alert can be pending or firing: those at which its expression has a value. */
function stepsWithValues(rules: Trial['rules']): number[] {
  return [...new Set(rules.flatMap(({ series }) => series.flatMap(({ values }) => [...values.keys()])))].sort(
    (a, b) => a - b,
  );
}

function promLabels(labels: Labels): string {
  // All escapes of JSON are valid in Go.
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`;
}

/**
 * Returns values in promtool's notation: `_ _ 1 2 stale _ 3`. `stale` ends the series; without it, Prometheus would use
 * the last value for another five minutes.
 */
function seriesValues(values: ReadonlyMap<number, string>, lastStep: number): string {
  const tokens: string[] = [];
  let present = false;
  for (let step = 0; step <= lastStep; step++) {
    const value = values.get(step);
    tokens.push(value !== undefined ? value.replace('+Inf', 'Inf') : present ? 'stale' : '_');
    present = value !== undefined;
  }
  return tokens.join(' ');
}

const GOT = /^ {4}alertname: .*, time: (\S+), \n {8}exp:[\s\S]*?\n {8}got:(\[\]|\[\n[\s\S]*?\n {12}\])$/gm;
const FAILED_EVALUATION = /^ {4}rule: (.*), time: (\S+), err: (.*)$/gm;

function readVerdict(trial: Trial, failure: string): Verdict {
  const errors = [...failure.matchAll(FAILED_EVALUATION)].map(
    ([, name, time = '', error]) => `alert '${name}' at ${formatDuration(printedMs(time))}: ${error}`,
  );
  const firing = new Map<number, FiringAlert[]>();
  for (const [, time = '', got = ''] of failure.matchAll(GOT)) {
    const step = Math.round(printedMs(time) / trial.intervalMs);
    firing.set(step, [...(firing.get(step) ?? []), ...readAlerts(got)]);
  }
  if (errors.length === 0 && firing.size === 0)
    throw new Error(`cannot parse the output of promtool:\n${failure.slice(0, 2000)}`);
  return { firing, histories: readHistories(trial, failure), errors };
}

/** Parses alerts as promtool prints them: a line of labels and a line of annotations each. */
function readAlerts(got: string): FiringAlert[] {
  const alerts = [...got.matchAll(/^ +Labels:(\{.*\})\n +Annotations:(\{.*\}),?$/gm)].map(
    ([, labels = '', annotations = '']) => ({
      labels: readLabels(labels),
      annotations: readLabels(annotations),
    }),
  );
  // A line with its number precedes each alert.
  const numbers = got.match(/^ +\d+:$/gm) ?? [];
  if (alerts.length !== numbers.length) throw new Error(`cannot parse the output of promtool:\n${got.slice(0, 2000)}`);
  return alerts;
}

/** Parses labels as Prometheus prints them, with Go's escapes: `{a="x", "b.c"="y"}`. */
function readLabels(text: string): Labels {
  const pair = /("(?:[^"\\]|\\.)*"|[a-zA-Z_]\w*)=("(?:[^"\\]|\\.)*")/g;
  return Object.fromEntries(
    [...text.matchAll(pair)].map(([, name = '', value = '']) => [
      name.startsWith('"') ? goString(name) : name,
      goString(value),
    ]),
  );
}

function goString(quoted: string): string {
  const text = unquoteGo(quoted);
  if (text === undefined) throw new Error(`promtool printed an invalid Go string: ${quoted}`);
  return text.value;
}

const ALERTS = /^ {4}expr: "ALERTS", time: (\S+),\n {8}exp: nil\n {8}got: (.*)$/gm;
const SAMPLE = /\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\} 1E\+00/g;

/** Parses the metric `ALERTS` after each evaluation: `{__name__="ALERTS", alertstate="pending", …} 1E+00, …`. */
function readHistories(trial: Trial, failure: string): AlertHistory[] {
  const histories = new Map<string, { labels: Labels; pending: Set<number>; firing: Set<number> }>();
  for (const [, time = '', samples = ''] of failure.matchAll(ALERTS)) {
    const step = Math.round(printedMs(time) / trial.intervalMs);
    for (const [sample] of samples.matchAll(SAMPLE)) {
      const { __name__: _, alertstate, ...labels } = readLabels(sample);
      const key = JSON.stringify(labels);
      const history = histories.get(key) ?? { labels, pending: new Set(), firing: new Set() };
      histories.set(key, history);
      (alertstate === 'firing' ? history.firing : history.pending).add(step);
    }
  }
  return [...histories.values()];
}

/** Returns the milliseconds of a duration as Go or Prometheus prints it: `1h2m3.5s`, `1m30s`, `500ms`. */
function printedMs(text: string): number {
  return Number(prometheusOrGoDurationNs(text) ?? 0n) / 1e6;
}
