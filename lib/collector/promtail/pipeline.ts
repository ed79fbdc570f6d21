import { resolveMultiline } from '../pipeline/multiline';
import type { CollectorPipeline, LogSelection, MultilineRule } from '../pipeline/options';
import { type Replacement, replacements } from '../pipeline/redaction';
import { type NameMatcher, nameMatchers } from '../pipeline/selection';

/** A stage of a pipeline, by its name. */
export interface PromtailStage {
  readonly match?: { readonly selector: string; readonly stages: readonly PromtailStage[] };
  readonly [name: string]: object | undefined;
}

/** Label of the lines that a rule for entries of several lines has selected: only the first rule applies. */
const MULTILINE = 'multiline';

/**
 * Marks lines that continue an entry: Promtail can only be given an expression for the first line, and RE2 cannot negate
 * one.
 */
const MARK = String.raw`\x02`;

/** Reason of dropped lines in `logentry_dropped_lines_total`. */
const DROP_REASON = 'collector_pipeline';

/** Returns the labels that the stages set for themselves. */
export function temporaryLabels({ multiline }: CollectorPipeline = {}): string[] {
  return multiline ? [MULTILINE] : [];
}

/**
 * Returns the stages of an option. Entries of several lines come first: later stages only handle the lines that match, and
 * so could change the order of two lines.
 */
export function pipelineOptionStages({
  multiline = [],
  drop = [],
  redact = [],
}: CollectorPipeline = {}): PromtailStage[] {
  return [
    ...multiline.map(multilineStage),
    ...drop.flatMap(({ pattern, ...selected }) =>
      within(selected, [{ drop: { expression: pattern, drop_counter_reason: DROP_REASON } }]),
    ),
    ...redact.flatMap((rule) => replacements(rule).map((each) => redactStage(rule, each))),
  ];
}

function multilineStage(rule: MultilineRule): PromtailStage {
  const { entry, maxWaitMs, maxLines } = resolveMultiline(rule);
  const limits = { max_wait_time: `${maxWaitMs}ms`, max_lines: maxLines };
  const stages =
    'first' in entry
      ? [{ multiline: { firstline: entry.first, ...limits } }]
      : [
          { replace: { expression: entry.continuation.replace('^', '^()'), replace: `{{ "${MARK}" }}` } },
          { multiline: { firstline: `^[^${MARK}]`, ...limits } },
          { replace: { expression: `(?m)^(${MARK})`, replace: '' } },
        ];
  return {
    match: {
      selector: selector([{ label: MULTILINE, operator: '=', value: '' }, ...matchers(rule)]),
      stages: [
        { static_labels: { [MULTILINE]: 'true' } },
        ...stages,
        // Empty lines after an entry.
        { replace: { expression: String.raw`(\n+)$`, replace: '' } },
      ],
    },
  };
}

/**
 * Returns a stage that replaces text as Go does: the stage `replace` by itself only replaces groups. It compiles the
 * expression for every line, so the selector only lets lines pass that match.
 */
function redactStage(rule: LogSelection, { pattern, replacement }: Replacement): PromtailStage {
  const given = matchers(rule);
  const selected = selector(given.length > 0 ? given : ANY);
  const replaced = `{{ regexReplaceAll ${JSON.stringify(pattern)} .Value ${JSON.stringify(replacement)} }}`;
  return {
    match: {
      selector: `${selected} |~ ${JSON.stringify(pattern)}`,
      stages: [{ replace: { expression: '(?s)^(.*)$', replace: replaced } }],
    },
  };
}

interface Matcher {
  readonly label: string;
  readonly operator: '=' | '=~';
  readonly value: string;
}

/** Every line has a job: a selector requires a matcher. */
const ANY: readonly Matcher[] = [{ label: 'job', operator: '=~', value: '.+' }];

function matchers(selection: LogSelection): Matcher[] {
  return nameMatchers(selection).map(({ label, regexp }: NameMatcher) => ({ label, operator: '=~', value: regexp }));
}

function selector(all: readonly Matcher[]): string {
  return `{${all.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`).join(', ')}}`;
}

/** Runs stages for the lines of a selection. */
function within(selection: LogSelection, stages: readonly PromtailStage[]): PromtailStage[] {
  const given = matchers(selection);
  return given.length === 0 ? [...stages] : [{ match: { selector: selector(given), stages } }];
}
