import type { Expr, LabelMatcher, LineFilter, StringLiteral } from '../../logql';
import { sources } from '../../logql';
import { leaves } from './queries';
import type { RuleCheck } from './rule-check';

/** Checks on the texts that a query compares. */
export const textChecks: readonly RuleCheck[] = [
  {
    id: 'regexp-as-text',
    *rule({ query }) {
      for (const { text, operator, isLine } of query ? comparedTexts(query) : []) {
        if (operator !== '|=' && operator !== '=' && operator !== '!=') continue;
        if (looksLikeRegexp(text.value, isLine))
          yield { field: ['expr'], offset: text.from, ...asText(operator, isLine) };
      }
    },
  },
  {
    id: 'query-variable',
    *rule({ query }) {
      for (const { text, operator, isLine } of query ? comparedTexts(query) : []) {
        const variable = variableIn(text.value, operator.endsWith('~'), isLine);
        if (variable !== undefined) yield { field: ['expr'], offset: text.from, ...unreplaced(variable) };
      }
    },
  },
  {
    id: 'anchored-regexp',
    *rule({ query }) {
      const reported = new Set<string>();
      for (const { name, operator, value } of query ? filterMatchers(query) : []) {
        if (!operator.endsWith('~') || !FREE_TEXT.test(name) || !isSearch(value.value) || reported.has(name)) continue;
        reported.add(name);
        yield { field: ['expr'], offset: value.from, ...anchored(name, operator, value.value) };
      }
    },
  },
];

interface ComparedText {
  readonly text: StringLiteral;
  readonly operator: LineFilter['operator'] | LabelMatcher['operator'];
  /** True in a line filter, false in a label matcher. */
  readonly isLine: boolean;
}

function comparedTexts(query: Expr): ComparedText[] {
  return [...sources(query)]
    .flatMap(({ selector, stages }) => [
      ...selector.matchers.map(ofMatcher),
      ...stages.flatMap((stage) => (stage.kind === 'line-filter' ? ofLineFilter(stage) : [])),
    ])
    .concat(filterMatchers(query).map(ofMatcher));
}

function ofMatcher({ value, operator }: LabelMatcher): ComparedText {
  return { text: value, operator, isLine: false };
}

function ofLineFilter({ operator, alternatives }: LineFilter): ComparedText[] {
  return alternatives.flatMap(({ text, ip }) => (ip ? [] : [{ text, operator, isLine: true }]));
}

/** Matchers in label filters. */
function filterMatchers(query: Expr): LabelMatcher[] {
  return [...sources(query)].flatMap(({ stages, unwrap }) =>
    [...stages.flatMap((stage) => (stage.kind === 'label-filter' ? [stage.filter] : [])), ...(unwrap?.filters ?? [])]
      .flatMap(leaves)
      .flatMap((leaf) => (leaf.kind === 'matcher' ? [leaf] : [])),
  );
}

/** Syntax that regular expressions have, and log lines and label values hardly ever. */
const REGEXP = [
  /(?<!\.)\.[*+](?!\.)/, // .*
  /^\(\?[imsU]+\)/, // (?i)
  /\\[dwsDWS](?:[+*?{)]|$)/, // \d+
  /\[\^?(?:0-9|a-z|A-Z)[^\]]*\]/, // [0-9]
  /\((?:\?:)?[\w -]+(?:\|[\w -]+)+\)/, // (a|b)
  /^\w[\w -]*(?:\|\w[\w -]*)+$/, // a|b
];
const LINE_REGEXP = [...REGEXP, /^\^[\w[(]/];
const LABEL_REGEXP = [...REGEXP, /^[^|\s]+(?:\|[^|\s]+)+$/, /^\^/, /^\d\.\.$/];

function looksLikeRegexp(text: string, isLine: boolean): boolean {
  return (isLine ? LINE_REGEXP : LABEL_REGEXP).some((regexp) => regexp.test(text));
}

function asText(operator: '|=' | '=' | '!=', isLine: boolean) {
  const other = operator === '|=' ? '|~' : operator === '=' ? '=~' : '!~';
  const effect = operator === '!=' ? 'excludes nothing' : 'matches nothing';
  return {
    problem: `${operator} compares text, not a regular expression, so this ${effect} unless the ${isLine ? 'line contains' : 'value is'} exactly this text`,
    fix: `use ${other}`,
  };
}

const VARIABLE = /\$\{[A-Za-z_]\w*(?::\w+)?\}|\[\[[A-Za-z_]\w*(?::\w+)?\]\]/;
/** An action of a template: `{{ .Values.app }}`, `{{ $labels.app }}`. */
const ACTION = /\{\{-?\s*[.$]\w[^}]*\}\}/;

/** Variable of a dashboard, a shell or a template that Loki would have to replace. */
function variableIn(text: string, isRegexp: boolean, isLine: boolean): string | undefined {
  const whole = /^\$[A-Za-z_]\w*$/.exec(text)?.[0] ?? ACTION.exec(text)?.[0];
  if (whole !== undefined) return whole;
  if (!isRegexp) return isLine ? wholeMatch(VARIABLE, text) : VARIABLE.exec(text)?.[0];
  // After the end of the line nothing can follow, so `$name` is not a regular expression.
  const bare = text
    .replace(/\\./gs, '  ')
    .replace(/\[\^?\]?[^\]]*\]/g, (found) => (VARIABLE.test(`[${found}]`) ? found : ' '));
  return VARIABLE.exec(bare)?.[0] ?? /\$[A-Za-z_]\w*/.exec(bare)?.[0];
}

function wholeMatch(regexp: RegExp, text: string): string | undefined {
  const found = regexp.exec(text)?.[0];
  return found === text ? found : undefined;
}

function unreplaced(variable: string) {
  return {
    problem: `"${variable}" is not replaced: rules have no variables, and no templates outside of labels and annotations`,
    fix: 'write the value, or e.g. =~".+" for all',
  };
}

/** Names of labels whose values are sentences, not single words. */
const FREE_TEXT =
  /^(?:(?:\w+_)?(?:msg|message|err|error|exception|stack_?trace|details|description)|log|line|body|text|command_?line|cmd_?line|user_?agent)$/i;

/** True if an expression looks for a part of a text: words, without `.*` or anchors around them. */
function isSearch(regexp: string): boolean {
  const alternatives = regexp
    .replace(/^\(\?[imsU]+\)/, '')
    .replace(/^\((?:\?:)?(.*)\)$/s, '$1')
    .split('|');
  const hasEdge = alternatives.some((each) => /^(?:\^|\.[*+]|$)|(?:\$|\.[*+]\)?)$/.test(each));
  // A single word in upper case may be a whole value: an error code.
  return !hasEdge && alternatives.some((each) => /[A-Za-z]{3}/.test(each) && !/^[A-Z0-9_]+$/.test(each));
}

function anchored(name: string, operator: string, regexp: string) {
  const effect = operator === '!~' ? 'it excludes only lines' : 'it finds only lines';
  return {
    problem: `the regular expression of a label must match the whole value, so ${effect} whose "${name}" is nothing else`,
    fix: `use ${name}${operator}\`.*(?:${regexp}).*\`, or a line filter: ${operator === '!~' ? '!~' : '|~'}`,
  };
}
