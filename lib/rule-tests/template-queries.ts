import type { AlertRule } from '../rules/model';
import type { Labels } from './labels';
import { originalError, withFormat } from './query-format';
import type { Sample, Series } from './series';

/** A query of a template, at an evaluation. */
export interface Question {
  /** LogQL, as the template passes it to `query`. */
  readonly query: string;
  /** Index of the evaluation. */
  readonly step: number;
}

/** Result of a query in a template: its samples, in Loki's order. */
export type Answer = readonly Sample[];

/** Metric with the answers, and one that is 1 at each evaluation with an answer, which may be empty. */
const ANSWER = 'logql_answer';
const ANSWERED = 'logql_answered';

/** Label with the text of a query in hex, which needs no quotes in PromQL; `q` makes it a value for an empty text. */
const QUERY = '__loki_alerts_query__';
/** Label with the index of a sample in an answer: PromQL has no order of its own. */
const ORDER = '__loki_alerts_order__';

/**
 * Answers to the queries in templates, for promtool. Templates ask in promtool as they do in the ruler, so that Go puts
 * the queries together; a query without an answer fails with an error that contains its text.
 */
export class Answers {
  private readonly answers = new Map<string, Question & { readonly answer: Answer }>();

  has(question: Question): boolean {
    return this.answers.has(keyOf(question));
  }

  set(question: Question, answer: Answer): void {
    this.answers.set(keyOf(question), { ...question, answer });
  }

  /** Returns a rule whose templates query the series of the answers. */
  replaceQueries<Rule extends AlertRule>(rule: Rule): Rule {
    const format = this.promql();
    const all = (texts: Labels | undefined) => texts && mapValues(texts, (text) => withFormat(text, format));
    return { ...rule, labels: all(rule.labels), annotations: all(rule.annotations) };
  }

  /** Returns labels or annotations of an alert, with the errors of templates as the ruler would write them. */
  restoreErrors(rendered: Labels, templates: Labels = {}): Labels {
    const format = this.promql();
    return mapValues(rendered, (text, name) => originalError(text, templates[name] ?? '', format));
  }

  /** The answers as series by metric. */
  series(): ReadonlyMap<string, readonly Series[]> {
    const answer = new SeriesByLabels();
    const answered = new SeriesByLabels();
    for (const { query, step, answer: samples } of this.answers.values()) {
      const about = { [QUERY]: `q${Buffer.from(query).toString('hex')}` };
      answered.set(about, step, '1');
      for (const [order, { labels, value }] of samples.entries())
        answer.set({ ...labels, ...about, [ORDER]: `${order}` }, step, value);
    }
    return new Map([
      [ANSWER, answer.all()],
      [ANSWERED, answered.all()],
    ]);
  }

  /** Format of `printf` that makes PromQL of LogQL. */
  private promql(): string {
    const about = `${QUERY}="q%[1]x"`;
    const length = Math.max(0, ...[...this.answers.values()].map(({ answer }) => answer.length));
    // `or` keeps the order of its sides.
    const samples = Array.from(
      { length },
      (_, order) => `sum without (${QUERY}, ${ORDER}) (${ANSWER}{${about}, ${ORDER}="${order}"})`,
    );
    // Two series on one side of an operation fail it, and the error has their labels.
    const unknown = `(label_replace(vector(0), "${QUERY}", "q%[1]x", "", "") or vector(0)) unless on () ${ANSWERED}{${about}}`;
    return [...samples, `vector(0) * on () (${unknown})`].join(' or ');
  }
}

/** Returns the queries without an answer in the texts of an alert. */
export function questionsIn(texts: Labels): string[] {
  const asked = Object.values(texts).flatMap((text) => [...text.matchAll(ASKED)]);
  return asked.map(([, hex = '']) => Buffer.from(hex, 'hex').toString());
}

const ASKED = new RegExp(`${QUERY}="q([0-9a-f]*)"`, 'g');

function mapValues(texts: Labels, map: (text: string, name: string) => string): Labels {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, map(text, name)]));
}

function keyOf({ query, step }: Question): string {
  return `${step} ${query}`;
}

/** Series that are filled step by step. */
class SeriesByLabels {
  private readonly series = new Map<string, { readonly labels: Labels; readonly values: Map<number, string> }>();

  set(labels: Labels, step: number, value: string): void {
    const key = JSON.stringify(Object.entries(labels).sort());
    const series = this.series.get(key) ?? { labels, values: new Map() };
    this.series.set(key, series);
    series.values.set(step, value);
  }

  all(): readonly Series[] {
    return [...this.series.values()];
  }
}
