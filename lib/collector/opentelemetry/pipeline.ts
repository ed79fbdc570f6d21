import { resolveMultiline } from '../pipeline/multiline';
import type { CollectorPipeline, LogSelection, MultilineRule } from '../pipeline/options';
import { replacements } from '../pipeline/redaction';
import { nameMatchers } from '../pipeline/selection';

/**
 * Size in bytes above which an entry of several lines is sent although it is not complete: Loki cuts longer ones, and
 * they would fill the memory.
 */
const MAX_ENTRY_SIZE = 256 * 1024;

/** Maximum number of streams with an incomplete entry: the files that are open, with two streams each. */
const MAX_SOURCES = 2 * 4096;

/** Attribute with the file and the stream of a line. */
const SOURCE = 'attributes.source';

/**
 * Returns the operators that join lines, after those that set the names of the container and before `next`. The first
 * rule that selects a container applies.
 */
export function multilineOperators(rules: readonly MultilineRule[] = [], next: string): object[] {
  if (rules.length === 0) return [];
  return [
    {
      type: 'add',
      field: SOURCE,
      // A line in neither log format has no stream.
      value: 'EXPR(attributes["log.file.path"] + " " + (resource.stream ?? ""))',
    },
    {
      type: 'router',
      routes: rules.map((rule, index) => ({ expr: escaped(selectedByOperator(rule)), output: joinId(index) })),
      default: next,
    },
    ...rules.flatMap((rule, index) => [
      recombine(rule, joinId(index)),
      // Empty lines after an entry.
      { type: 'regex_replace', field: 'body', regex: escaped(String.raw`\n+$`), replace_with: '', output: next },
    ]),
  ];
}

const joinId = (index: number) => `multiline_${index}`;

function recombine(rule: MultilineRule, id: string): object {
  const { entry, maxWaitMs, maxLines } = resolveMultiline(rule);
  const isFirst =
    'first' in entry
      ? `body matches ${JSON.stringify(entry.first)}`
      : `not (body matches ${JSON.stringify(entry.continuation)})`;
  return {
    type: 'recombine',
    id,
    combine_field: 'body',
    is_first_entry: escaped(isFirst),
    source_identifier: SOURCE,
    force_flush_period: `${maxWaitMs}ms`,
    max_batch_size: maxLines,
    // A line that continues nothing is an entry of its own, like with Promtail.
    max_unmatched_batch_size: 1,
    max_log_size: MAX_ENTRY_SIZE,
    max_sources: MAX_SOURCES,
  };
}

/** Returns the processor that drops lines, and counts them; none without rules. */
export function dropProcessor({ drop = [] }: CollectorPipeline = {}): Record<string, object> {
  if (drop.length === 0) return {};
  const conditions = drop.map(({ pattern, ...selection }) =>
    [...selectedByProcessor(selection), `IsMatch(log.body, ${JSON.stringify(pattern)})`].join(' and '),
  );
  return { filter: { error_mode: 'ignore', log_conditions: conditions.map(escaped) } };
}

/** Returns OTTL statements for log records that replace text. */
export function redactStatements({ redact = [] }: CollectorPipeline = {}): string[] {
  return redact.flatMap((rule) => {
    const where = selectedByProcessor(rule).join(' and ');
    return replacements(rule).map(({ pattern, replacement }) =>
      escaped(
        `replace_pattern(log.body, ${JSON.stringify(pattern)}, ${JSON.stringify(replacement)})${where && ` where ${where}`}`,
      ),
    );
  });
}

function selectedByOperator(selection: LogSelection): string {
  const names = nameMatchers(selection).map(
    ({ label, regexp }) => `resource.${label} matches ${JSON.stringify(`^(?:${regexp})$`)}`,
  );
  return names.join(' and ') || 'true';
}

function selectedByProcessor(selection: LogSelection): string[] {
  return nameMatchers(selection).map(
    ({ label, regexp }) => `IsMatch(resource.attributes["${label}"], ${JSON.stringify(`^(?:${regexp})$`)})`,
  );
}

/** The collector replaces `$name` in its configuration by environment variables. */
function escaped(text: string): string {
  return text.replaceAll('$', '$$$$');
}
