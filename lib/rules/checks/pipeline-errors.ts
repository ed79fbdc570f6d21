import type { LabelFilterExpr, LogRange, Matcher, Stage } from '../../logql';
import { compileMatcher } from '../../logql/regexp';
import { LOKI_LABELS } from '../options';
import type { Check } from './check';
import { conjuncts, leaves, rangesOf } from './queries';

const ERROR_LABELS: ReadonlySet<string> = new Set(['__error__', '__error_details__']);

/** Labels that streams of any Kubernetes collector have; others, such as `level`, may as well come from the line. */
const SURE_STREAM_LABELS = ['namespace', 'app', 'pod', 'container', 'node_name', 'job', 'stream', 'service_name'];

/**
 * A line that a stage can't process keeps going with the label `__error__`, and a metric query fails as a whole when
 * such a line reaches its end (pkg/logql/evaluator.go, `NewPipelineErr`).
 */
export const pipelineErrorChecks: readonly Check[] = [
  {
    id: 'pipeline-error',
    severity: 'warning',
    dependsOn: 'collectorLabels',
    *rule({ query, options }) {
      for (const range of query ? rangesOf(query) : []) {
        const selected = range.selector.matchers.map(({ name }) => name);
        const ownLabels = new Set([...(options.collectorLabels ?? SURE_STREAM_LABELS), ...LOKI_LABELS, ...selected]);
        const culprit = failingStage(range, ownLabels);
        if (!culprit) continue;
        yield {
          field: ['expr'],
          offset: culprit.from,
          message: `one line that ${culprit.what} fails the whole rule; drop such lines with '| __error__=""' behind it`,
        };
      }
    },
  },
];

interface Culprit {
  readonly from: number;
  readonly what: string;
}

function failingStage(range: LogRange, ownLabels: ReadonlySet<string>): Culprit | undefined {
  let culprit: Culprit | undefined;
  for (const stage of range.stages) culprit = afterStage(stage, culprit, ownLabels);
  const { unwrap } = range;
  if (!unwrap) return culprit;
  return unwrap.filters.some(asksForErrors)
    ? undefined
    : (culprit ?? { from: unwrap.from, what: `has no number in '${unwrap.label}'` });
}

function afterStage(stage: Stage, before: Culprit | undefined, ownLabels: ReadonlySet<string>): Culprit | undefined {
  const { from } = stage;
  switch (stage.kind) {
    case 'parser':
      return parserFails(stage) ? { from, what: `is not ${stage.parser === 'logfmt' ? 'logfmt' : 'JSON'}` } : before;
    case 'label-filter':
      return afterFilter(stage.filter, from, before, ownLabels);
    case 'drop':
      return stage.labels.some(({ name }) => ERROR_LABELS.has(name)) ? undefined : before;
    default:
      return before;
  }
}

/** `regexp` and `pattern` pass lines that do not match; `logfmt` takes what it can, unless it is strict. */
function parserFails({ parser, flags }: Extract<Stage, { kind: 'parser' }>): boolean {
  return parser === 'json' || parser === 'unpack' || (parser === 'logfmt' && flags.includes('--strict'));
}

function afterFilter(
  filter: LabelFilterExpr,
  from: number,
  before: Culprit | undefined,
  ownLabels: ReadonlySet<string>,
): Culprit | undefined {
  if (asksForErrors(filter)) return undefined;
  const parts = conjuncts(filter);
  // A line that could not be parsed has no such label, and is gone.
  const asksForParsed = parts.some(
    (part) => part.kind === 'matcher' && !ownLabels.has(part.name) && !matchesEmpty(part),
  );
  const rest = asksForParsed ? undefined : before;
  const comparison = parts.find((part) => part.kind === 'label-comparison');
  return comparison?.kind === 'label-comparison'
    ? (rest ?? { from, what: `has no ${comparison.type} in '${comparison.name}'` })
    : rest;
}

function asksForErrors(filter: LabelFilterExpr): boolean {
  return leaves(filter).some(({ name }) => ERROR_LABELS.has(name));
}

/** Whether a missing label passes. */
function matchesEmpty({ operator, value }: Matcher): boolean {
  if (operator === '=') return value.value === '';
  if (operator === '!=') return value.value !== '';
  const result = compileMatcher(value);
  return 'matchesEmpty' in result && result.matchesEmpty === (operator === '=~');
}
