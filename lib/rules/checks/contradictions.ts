import {
  type LabelComparison,
  type LabelFilterExpr,
  type LabelMatcher,
  type LineFilter,
  type LogRange,
  type Parser,
  type PipelineStage,
  sources,
} from '../../logql';
import { compileMatcher, compileRegexp } from '../../logql/regexp';
import { COMMON_COLLECTOR_LABELS, LOKI_LABELS } from '../check-options';
import { areDisjoint } from './contrary-comparisons';
import { leaves } from './queries';
import type { RuleCheck } from './rule-check';

type Source = Pick<LogRange, 'selector' | 'stages' | 'unwrap'>;

/** Checks on pipelines whose stages contradict each other. */
export const contradictionChecks: readonly RuleCheck[] = [
  {
    id: 'never-matches',
    *rule({ query }) {
      for (const source of query ? sources(query) : []) {
        for (const { from, ...found } of [...contraryLineFilters(source), ...contraryMatchers(source)]) {
          yield { field: ['expr'], offset: from, ...found };
        }
      }
    },
  },
  {
    id: 'filter-before-parser',
    *rule({ query, options: { collectorLabels } }) {
      const known = new Set([...(collectorLabels ?? COMMON_COLLECTOR_LABELS), ...LOKI_LABELS]);
      for (const source of query ? sources(query) : []) {
        for (const { name, from, parser } of earlyFilters(source)) {
          if (known.has(name)) continue;
          yield {
            field: ['expr'],
            offset: from,
            problem: `"${name}" is filtered before "${parser}" extracts it, so no line has it, unless it is structured metadata`,
            fix: 'move the filter after the parser',
          };
        }
      }
    },
  },
  {
    id: 'regexp-double-escape',
    *rule({ rule, query }) {
      for (const source of query ? sources(query) : []) {
        for (const { value, from } of regexps(source)) {
          const found = rule.expr[from] === '`' ? DOUBLE_ESCAPE.exec(value)?.[0] : undefined;
          if (found === undefined) continue;
          yield {
            field: ['expr'],
            offset: from,
            problem: `in backticks, "${found}" is a backslash followed by "${found.slice(2)}"`,
            fix: `use ${found.slice(1)}, or double quotes`,
          };
        }
      }
    },
  },
  {
    id: 'parser-label-repeated',
    *rule({ query }) {
      for (const source of query ? sources(query) : []) {
        for (const { label, first, second } of repeatedLabels(source)) {
          yield {
            field: ['expr'],
            offset: second.from,
            problem: `"${second.parser}" does not overwrite the label "${label}", which "${first.parser}" has set before`,
            fix: `use another name, or remove the label between them: | drop ${label}`,
          };
        }
      }
    },
  },
];

interface Contradiction {
  readonly from: number;
  readonly problem: string;
  readonly fix: string;
}

/** `|= "error" != "err"` */
function contraryLineFilters({ stages }: Source): Contradiction[] {
  const groups: LineFilter[][] = [[]];
  for (const stage of stages) {
    if (stage.kind === 'line-filter') groups.at(-1)?.push(stage);
    // After these stages, the line is another one.
    else if (stage.kind === 'line-format' || (stage.kind === 'parser' && stage.parser === 'unpack')) groups.push([]);
  }
  return groups.flatMap((filters) =>
    filters
      .filter(({ operator }) => operator === '|=')
      .flatMap((wanted) => {
        const excluding = filters.find((filter) =>
          wanted.alternatives.every(({ text, ip }) => !ip && excludes(filter, text.value)),
        );
        if (!excluding) return [];
        const text = excluding.alternatives[0]?.text.value ?? '';
        return [
          {
            from: excluding.from,
            problem: `each line that contains "${wanted.alternatives[0]?.text.value}" is excluded by ${excluding.operator} "${text}", so no line passes`,
            fix: 'exclude a longer text',
          },
        ];
      }),
  );
}

/** Parts of a regular expression that depend on the text around a match. */
const CONTEXT = /\^|\$|\\[bBAz]/;

/** True if a filter excludes every line that contains a text. */
function excludes({ operator, alternatives }: LineFilter, contained: string): boolean {
  return alternatives.some(({ text, ip }) => {
    if (ip || contained === '') return false;
    if (operator === '!=') return text.value !== '' && contained.includes(text.value);
    if (operator !== '!~' || CONTEXT.test(text.value)) return false;
    const regexp = compileRegexp(text);
    return 'regexp' in regexp && regexp.regexp.matcher(contained).find();
  });
}

type Condition = LabelMatcher | LabelComparison;

/** `| level="error" | level="warn"`, `| status >= 500 | status < 400`, `{app="web"} | json | app="other"` */
function contraryMatchers({ selector, stages, unwrap }: Source): Contradiction[] {
  // Parsers write a label of the stream to `<label>_extracted`.
  const known = new Map<string, Condition[]>();
  const add = (condition: Condition) => {
    const others = known.get(condition.name) ?? [];
    known.set(condition.name, [...others, condition]);
    return others.find((other) => contradict(other, condition));
  };
  const found: Contradiction[] = [];
  for (const matcher of selector.matchers) found.push(...contradiction(add(matcher), matcher, 'selector'));
  for (const stage of stages) {
    if (stage.kind === 'parser') forgetParsed(known, selector.matchers, stage);
    if (stage.kind === 'label-format') for (const { label } of stage.labels) known.delete(label);
    if (stage.kind === 'drop' || stage.kind === 'keep') known.clear();
    if (stage.kind !== 'label-filter') continue;
    for (const matcher of required(stage.filter)) {
      const fromSelector = selector.matchers.some(({ name }) => name === matcher.name);
      found.push(...contradiction(add(matcher), matcher, fromSelector ? 'stream' : 'filter'));
    }
  }
  for (const matcher of (unwrap?.filters ?? []).flatMap(required))
    found.push(...contradiction(add(matcher), matcher, 'filter'));
  return found;
}

/** Labels that are not those of the stream have new values after a parser. */
function forgetParsed(
  known: Map<string, Condition[]>,
  stream: readonly LabelMatcher[],
  { parser, extractions }: Parser,
) {
  const names = stream.map(({ name }) => name);
  const overwrites = (name: string) =>
    !names.includes(name) ||
    ((parser === 'json' || parser === 'logfmt') && extractions.some(({ label }) => label === name));
  for (const name of [...known.keys()]) if (overwrites(name)) known.delete(name);
}

function contradiction(
  other: Condition | undefined,
  condition: Condition,
  source: 'selector' | 'stream' | 'filter',
): Contradiction[] {
  if (!other) return [];
  const { name, from, kind } = condition;
  const several = kind === 'matcher' ? `use ${name}=~"…|…" for several values` : 'join them with "or"';
  const fix =
    source === 'stream'
      ? `use ${name}_extracted for the label that the parser extracts: the stream has a label of this name already`
      : `${several}, or correct one of them`;
  return [{ from, problem: `${textOf(other)} and ${textOf(condition)} contradict each other, so no line passes`, fix }];
}

function textOf(condition: Condition): string {
  return condition.kind === 'matcher'
    ? `${condition.name}${condition.operator}"${condition.value.value}"`
    : `${condition.name} ${condition.operator} ${condition.value}`;
}

/** Conditions that every line must pass. No recursion: a query may chain as many as its length allows. */
function required(filter: LabelFilterExpr): Condition[] {
  const pending = [filter];
  const found: Condition[] = [];
  for (let at = pending.pop(); at; at = pending.pop()) {
    if (at.kind === 'label-and') pending.push(at.right, at.left);
    else if (!('left' in at)) found.push(at);
  }
  return found;
}

function contradict(first: Condition, second: Condition): boolean {
  if (first.kind === 'label-comparison' || second.kind === 'label-comparison') {
    return first.kind === second.kind && areDisjoint(first as LabelComparison, second as LabelComparison);
  }
  if (first.operator === '=') return !accepts(second, first.value.value);
  if (second.operator === '=') return !accepts(first, second.value.value);
  const opposite = { '=~': '!~', '!~': '=~', '!=': '' }[first.operator];
  return opposite === second.operator && first.value.value === second.value.value;
}

function accepts({ operator, value }: LabelMatcher, text: string): boolean {
  if (operator === '=' || operator === '!=') return (value.value === text) === (operator === '=');
  const compiled = compileMatcher(value);
  return !('matches' in compiled) || compiled.matches(text) === (operator === '=~');
}

function earlyFilters({ selector, stages, unwrap: _ }: Source): { name: string; from: number; parser: string }[] {
  const first = stages.findIndex(({ kind }) => kind === 'parser');
  if (first < 0) return [];
  const parsers = stages.flatMap((stage) => (stage.kind === 'parser' ? [stage] : []));
  const set = new Set(selector.matchers.map(({ name }) => name));
  return stages.slice(0, first).flatMap((stage) => {
    if (stage.kind === 'label-format') for (const { label } of stage.labels) set.add(label);
    if (stage.kind !== 'label-filter' || 'left' in stage.filter) return [];
    return leaves(stage.filter).flatMap(({ name, from }) => {
      const parser = parsers.find((each) => mayExtract(each, name));
      return parser && !set.has(name) && !name.startsWith('__') ? [{ name, from, parser: parser.parser }] : [];
    });
  });
}

function mayExtract({ captures, extractions, parser }: Parser, name: string): boolean {
  if (parser === 'regexp' || parser === 'pattern') return captures.includes(name);
  return extractions.length === 0 || extractions.some(({ label }) => label === name);
}

/** `\\d` in a raw string, where one backslash is enough; not followed by a letter, as in `C:\\data`. */
const DOUBLE_ESCAPE = /(?<!\\)\\\\[dwsDWS](?![\w\\])/;

function regexps({ selector, stages }: Source): { value: string; from: number }[] {
  const ofMatchers = (matchers: readonly LabelMatcher[]) =>
    matchers
      .filter(({ operator }) => operator.endsWith('~'))
      .map(({ value }) => ({ value: value.value, from: value.from }));
  return [
    ...ofMatchers(selector.matchers),
    ...stages.flatMap((stage: PipelineStage) => {
      if (stage.kind === 'label-filter') {
        return ofMatchers(leaves(stage.filter).flatMap((leaf) => (leaf.kind === 'matcher' ? [leaf] : [])));
      }
      if (stage.kind === 'parser' && stage.parser === 'regexp' && stage.pattern) {
        return [{ value: stage.pattern.value, from: stage.pattern.from }];
      }
      if (stage.kind !== 'line-filter' || !stage.operator.endsWith('~')) return [];
      return stage.alternatives.map(({ text }) => ({ value: text.value, from: text.from }));
    }),
  ];
}

/** Labels that a parser names and an earlier parser has named before. */
function repeatedLabels({ stages }: Source): { label: string; first: Parser; second: Parser }[] {
  const set = new Map<string, Parser>();
  const found: { label: string; first: Parser; second: Parser }[] = [];
  for (const stage of stages) {
    if (stage.kind === 'drop') for (const { name, kind } of stage.labels) if (kind === 'label') set.delete(name);
    if (stage.kind === 'keep') set.clear();
    if (stage.kind === 'label-format') for (const { rename } of stage.labels) if (rename) set.delete(rename);
    if (stage.kind !== 'parser') continue;
    // Only json and logfmt with named labels overwrite.
    const overwrites = stage.captures.length === 0;
    for (const label of [...stage.captures, ...stage.extractions.map((each) => each.label)]) {
      const first = set.get(label);
      if (first && !overwrites) found.push({ label, first, second: stage });
      else set.set(label, stage);
    }
  }
  return found;
}
