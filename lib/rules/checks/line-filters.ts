import { type FilterFault, filterFault, type LineFilter, type LogRange, sources } from '../../logql';
import type { RuleCheck } from './rule-check';

/** Checks on line filters that Loki does not apply as they are written. Measured on 3.7.8. */
export const lineFilterChecks: readonly RuleCheck[] = [
  {
    id: 'line-filter-simplified',
    *rule({ query }) {
      for (const filter of query ? [...sources(query)].flatMap(lineFilters) : []) {
        // Loki compares ip(…) in such a filter as text.
        const fault = filter.alternatives.some(({ ip }) => ip) ? undefined : filterFault(filter);
        if (fault) yield { field: ['expr'], offset: filter.from, ...simplified(filter, fault) };
      }
    },
  },
  {
    id: 'line-filter-ip-alternatives',
    *rule({ query }) {
      for (const { operator, alternatives, from } of query ? [...sources(query)].flatMap(lineFilters) : []) {
        if (operator !== '|=' || alternatives.length === 1 || !alternatives.some(({ ip }) => ip)) continue;
        yield {
          field: ['expr'],
          offset: from,
          problem: 'in a filter with "or", Loki searches for the text in ip(…) instead of addresses',
          fix: 'use a label filter after a parser: | addr=ip("…") or addr=ip("…")',
        };
      }
    },
  },
  {
    id: 'line-filter-order',
    *rule({ query }) {
      for (const source of query ? sources(query) : []) {
        for (const { from } of afterDecolorize(source)) {
          yield {
            field: ['expr'],
            offset: from,
            problem: 'Loki applies this filter before "decolorize", so it does not find texts with color codes in them',
            fix: 'add a stage between them: | decolorize | line_format "{{__line__}}"',
          };
        }
      }
    },
  },
];

type Source = Pick<LogRange, 'stages'>;

function lineFilters({ stages }: Source): LineFilter[] {
  return stages.filter((stage) => stage.kind === 'line-filter');
}

function simplified({ operator, alternatives }: LineFilter, { missed, added }: FilterFault) {
  const isRegexp = operator.endsWith('~');
  const found = operator.startsWith('!') ? 'excluded' : 'found';
  if (missed === '') {
    return {
      problem: 'Loki ignores the empty alternative, which matches every line',
      fix: 'remove the filter, or the empty alternative',
    };
  }
  const text =
    alternatives.length === 1 && isRegexp
      ? `"${withDotAll(alternatives[0]?.text.value ?? '')}"`
      : 'a regular expression that begins with (?s)';
  return {
    problem:
      missed === undefined
        ? `Loki replaces this regular expression by a text search, and lines with "${added}" are ${found}, too`
        : `Loki replaces this regular expression by a text search, and lines such as "${missed.trim()}" are not ${found}`,
    fix: `use ${text}, which it does not replace`,
  };
}

function withDotAll(regexp: string): string {
  return regexp.startsWith('(?i)') ? regexp.replace('(?i)', '(?is)') : `(?s)${regexp}`;
}

/** Line filters that Loki moves before `decolorize`: `reorderStages` in pkg/logql/syntax/ast.go. */
function afterDecolorize({ stages }: Source): LineFilter[] {
  const found: LineFilter[] = [];
  let isColored = false;
  for (const stage of stages) {
    if (stage.kind === 'decolorize') isColored = true;
    if (stage.kind === 'label-filter' || stage.kind === 'line-format') isColored = false;
    if (stage.kind === 'parser' && stage.parser === 'unpack') isColored = false;
    if (stage.kind === 'line-filter' && isColored) found.push(stage);
  }
  return found;
}
