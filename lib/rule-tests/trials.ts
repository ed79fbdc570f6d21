import type { Engine } from '../engines';
import { formatLabels, type Labels } from './labels';
import { type AnsweredTrial, type FiringAlert, runPromtool, type Trial, type Verdict } from './promtool';
import { Answers, type Question, questionsIn } from './template-queries';

/** Number of queries of templates that are sent to Loki at the same time: as many as a browser sends to a server. */
const CONCURRENT_QUERIES = 6;

/**
 * Runs trials with promtool, until the queries that their templates ask are answered: a template may ask one query with
 * the result of another.
 * @param dir directory for its files, whose contents are replaced
 * @throws if promtool cannot run, or its output cannot be parsed
 */
export async function runTrials(promtool: Engine, dir: string, trials: readonly Trial[]): Promise<Verdict[]> {
  const verdicts = new Map<Trial, Verdict>();
  let open: readonly AnsweredTrial[] = trials.map((trial) => ({ trial, answers: new Answers() }));
  while (open.length > 0) {
    const found = await runPromtool(promtool, dir, open);
    const asking: AnsweredTrial[] = [];
    for (const [i, each] of open.entries()) {
      const verdict = found[i] as Verdict;
      verdicts.set(each.trial, withOriginalErrors(each, verdict));
      if (await answerAll(each, questionsOf(each.trial, verdict))) asking.push(each);
    }
    open = asking;
  }
  return trials.map((trial) => verdicts.get(trial) as Verdict);
}

/** Answers questions; false if all of them had an answer before, since a line of a log may look like a question. */
async function answerAll({ trial, answers }: AnsweredTrial, questions: readonly Question[]): Promise<boolean> {
  const left = questions.filter((question) => !answers.has(question));
  const isAnswered = left.length === 0;
  const work = async () => {
    for (let next = left.pop(); next; next = left.pop()) {
      if (!answers.has(next)) answers.set(next, await trial.ask(next));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_QUERIES }, work));
  return !isAnswered;
}

/** Returns the errors of templates as the ruler would write them. */
function withOriginalErrors({ trial, answers }: AnsweredTrial, verdict: Verdict): Verdict {
  const ruleOf = ({ alertname }: Labels) => trial.rules.find(({ alert }) => alert.rule.alert === alertname)?.alert.rule;
  const labelsOf = (labels: Labels) => answers.restoreErrors(labels, ruleOf(labels)?.labels);
  const restored = ({ labels, annotations }: FiringAlert) => ({
    labels: labelsOf(labels),
    annotations: answers.restoreErrors(annotations, ruleOf(labels)?.annotations),
  });
  return {
    ...verdict,
    firing: new Map([...verdict.firing].map(([step, alerts]) => [step, alerts.map(restored)])),
    histories: verdict.histories.map((history) => ({ ...history, labels: labelsOf(history.labels) })),
  };
}

/** Returns the queries without an answer that templates asked. */
function questionsOf({ needed }: Trial, { firing, histories }: Verdict): Question[] {
  const steps = new Map(histories.map((history) => [formatLabels(history.labels), history.firing]));
  const isNeeded = (labels: Labels, step: number) =>
    needed.has(step) || !steps.get(formatLabels(labels))?.has(step + 1);
  const inTexts = [...firing].flatMap(([step, alerts]) =>
    alerts
      .filter(({ labels }) => isNeeded(labels, step))
      .flatMap(({ annotations }) => questionsIn(annotations).map((query) => ({ query, step }))),
  );
  const inLabels = histories.flatMap((history) => {
    const queries = questionsIn(history.labels);
    return [...history.pending, ...history.firing].flatMap((step) => queries.map((query) => ({ query, step })));
  });
  const all = [...inTexts, ...inLabels];
  return [...new Map(all.map((question) => [JSON.stringify(question), question])).values()];
}
