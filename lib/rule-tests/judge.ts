import { compareAlerts, stateAt } from './compare';
import type { Evaluation } from './evaluate';
import { located } from './located';
import { toMs } from './plan';
import type { Verdict } from './promtool';
import type { ExpectationResult, TestResult, Timeline } from './result';
import { splitThreshold } from './threshold';

/**
 * Compares the expectations of a test with the results of the engines.
 * @param share milliseconds of the promtool run that this test accounts for
 */
export async function judge(
  evaluation: Evaluation,
  verdicts: readonly Verdict[],
  messages: { readonly checks: readonly ExpectationResult[]; readonly ms: number },
  share: number,
): Promise<TestResult> {
  const { plan, trials } = evaluation;
  const histories = verdicts.flatMap((verdict) => verdict.histories);
  const errors = [
    ...evaluation.errors,
    ...verdicts.flatMap((verdict) => verdict.errors).map((error) => `the ruler would fail to evaluate ${error}`),
  ];
  const checks = [...evaluation.checks];
  for (const [i, test] of (plan.test.alert_rule_test ?? []).entries()) {
    const own = trials.flatMap((trial, t) => {
      const concerned = trial.rules.some(({ alert }) => alert.rule.alert === test.alertname);
      return concerned ? [{ step: toMs(test.eval_time) / trial.intervalMs, verdict: verdicts[t] }] : [];
    });
    const at = { subject: test.alertname, evalTime: test.eval_time };
    if (test.exp_state !== undefined) {
      const got = highest(own.map(({ step, verdict }) => stateAt(verdict?.histories ?? [], test.alertname, step)));
      checks.push({
        kind: 'state',
        ...at,
        ...located(plan, ['alert_rule_test', i, 'exp_state']),
        passed: got === test.exp_state,
        expected: test.exp_state,
        got,
      });
    }
    if (test.exp_alerts !== undefined || test.exp_state === undefined) {
      const firing = own
        .flatMap(({ step, verdict }) => verdict?.firing.get(step) ?? [])
        .filter(({ labels }) => labels.alertname === test.alertname);
      checks.push({
        kind: 'alerts',
        ...at,
        ...located(plan, ['alert_rule_test', i, 'exp_alerts']),
        ...compareAlerts(test, firing),
      });
    }
  }
  checks.push(...messages.checks);
  const passed = errors.length === 0 && checks.every((check) => check.passed);
  const fired = new Set(histories.flatMap(({ labels, firing }) => (firing.size > 0 ? (labels.alertname ?? '') : [])));
  // A notification test covers every alert that fires; silence is only covered by an alert_rule_test of the alert.
  const seen = new Set([
    ...(plan.test.alert_rule_test ?? []).map(({ alertname }) => alertname),
    ...(plan.test.notification_test ? fired : []),
  ]);
  return {
    file: plan.file.path,
    name: plan.name,
    index: plan.index,
    place: plan.file.locate(['tests', plan.index]),
    passed,
    ms: evaluation.ms + share + messages.ms,
    checks,
    errors,
    timelines: passed ? [] : await timelines(evaluation, histories, checks),
    alerts: new Map([...seen].map((name) => [name, { fired: fired.has(name) }])),
  };
}

/** Returns the timelines of the rules whose checks failed. */
async function timelines(
  { plan, tenant, trials }: Evaluation,
  histories: Verdict['histories'],
  checks: readonly ExpectationResult[],
): Promise<Timeline[]> {
  const failed = new Set(checks.filter(({ passed }) => !passed).map(({ subject }) => subject));
  const drawn: Timeline[] = [];
  for (const { intervalMs, lastStep, rules } of trials) {
    for (const { alert, series } of rules.filter(({ alert: { rule } }) => failed.has(rule.alert))) {
      const name = alert.rule.alert;
      const split = splitThreshold(alert.rule.expr);
      drawn.push({
        alert: name,
        intervalMs,
        lastStep,
        threshold: split?.threshold,
        series: split ? await tenant.series(split.expr, intervalMs, plan.endMs) : series,
        histories: histories.filter(({ labels }) => labels.alertname === name),
        marks: checks
          .filter(({ subject }) => subject === name)
          .map(({ evalTime, passed }) => ({ step: toMs(evalTime) / intervalMs, passed })),
      });
    }
  }
  return drawn;
}

const STATES = ['firing', 'pending', 'inactive'] as const;

/** Returns the highest state: groups with different intervals may have alerts of the same name. */
function highest(states: readonly (typeof STATES)[number][]): string {
  return STATES.find((state) => states.includes(state)) ?? 'inactive';
}
