import type { LabelMatcher, LineFilter, LogRange, Selector } from '../../logql';
import { compileRegexp } from '../../logql/regexp';
import { type CheckOptions, DEFAULT_LOKI_LABELS } from '../check-options';
import { isAlert } from '../model';
import { rangesOf } from './queries';
import type { RuleCheck, RuleScope } from './rule-check';

/** Expressions past this many characters are not looked into: it takes time, and people write none that long. */
const MAX_LENGTH = 10_000;

/**
 * Loki logs the text of every rule each time it evaluates it, in three lines (measured on 3.7.8; pkg/ruler/compat.go,
 * pkg/logql/engine.go, pkg/logql/metrics.go), and the collector brings them back: a rule that looks for a word finds
 * its own query, for ever.
 */
export const ownQueryLogChecks: readonly RuleCheck[] = [
  {
    id: 'own-query-log',
    *rule(scope) {
      const { rule, query, options } = scope;
      if (rule.expr.length > MAX_LENGTH) return;
      for (const range of query && isAlert(rule) ? rangesOf(query) : []) {
        if (!mayMatch(range.selector, options) || !findsOwnQuery(range, scope)) continue;
        yield {
          field: ['expr'],
          offset: range.selector.from,
          problem: 'Loki logs the query of each rule that it evaluates, and this rule matches those lines',
          fix: 'exclude the logs of Loki in the selector (container!="loki"), or these lines before the other filters (!= "query_hash=")',
        };
      }
    },
  },
];

/** Labels that name a program, in the words of the common collectors. */
const PROGRAM = /(^|_)(app|container|service|component)(_name|_kubernetes_io_name)?$/;

/** What labels of Loki's own stream may well be, where they are not known. */
const LIKELY = { program: ['loki'], place: ['loki', 'logging', 'logs', 'monitoring', 'observability', 'grafana'] };
const LIKELY_PLACE = new RegExp(LIKELY.place.join('|'), 'i');
const LIKELY_JOBS = [...LIKELY.program, ...LIKELY.place.map((place) => `${place}/loki`)];

function likelyValues(label: string): readonly string[] {
  if (label === 'job') return LIKELY_JOBS;
  return PROGRAM.test(label) ? LIKELY.program : LIKELY.place;
}

/** Whether the stream of Loki's own logs may be selected. */
function mayMatch(
  { matchers }: Selector,
  { lokiLabels = DEFAULT_LOKI_LABELS, collectorLabels }: CheckOptions,
): boolean {
  return matchers.every((matcher) => {
    const { name, operator } = matcher;
    const known = lokiLabels[name];
    // A label that no stream has is empty.
    if (collectorLabels && !collectorLabels.includes(name)) return matches(matcher, '');
    if (known !== undefined) return matches(matcher, known);
    if (operator === '=' && likelyValues(name) === LIKELY.place) return LIKELY_PLACE.test(matcher.value.value);
    const likely = likelyValues(name).map((value) => matches(matcher, value));
    // What is left out by name is meant to be; what is asked for may be any of them.
    return operator.startsWith('!') && PROGRAM.test(name) ? likely.every(Boolean) : likely.some(Boolean);
  });
}

function matches({ operator, value }: LabelMatcher, label: string): boolean {
  switch (operator) {
    case '=':
      return label === value.value;
    case '!=':
      return label !== value.value;
    default: {
      const regexp = compileRegexp({ value: `^(?s:${value.value})$` });
      return 'error' in regexp || regexp.regexp.matcher(label).find() === (operator === '=~');
    }
  }
}

/** Whether the line filters pass a line that Loki logs about the rule. A label filter may drop it for other reasons. */
function findsOwnQuery({ stages }: LogRange, scope: RuleScope): boolean {
  const filters = stages.filter((stage) => stage.kind === 'line-filter');
  const seeks = filters.some(({ operator }) => operator === '|=' || operator === '|~');
  if (!seeks || stages.some(({ kind }) => kind === 'label-filter')) return false;
  return logLines(scope).some((line) => filters.every((filter) => passes(filter, line)));
}

function logLines({ rule }: RuleScope): string[] {
  const start = 'level=info ts=2026-01-01T00:00:00.000000000Z';
  // JSON quotes as Go's logger does, as far as a line filter sees.
  const query = `query=${JSON.stringify(rule.expr)} query_hash=1`;
  const name = isAlert(rule) ? rule.alert : rule.record;
  const engine = 'component=ruler evaluation_mode=local org_id=fake';
  return [
    `${start} caller=compat.go:68 user=fake rule_name=${name} rule_type=alerting ${query} msg="evaluating rule"`,
    `${start} caller=engine.go:274 ${engine} msg="executing query" ${query} type=instant`,
    `${start} caller=metrics.go:285 ${engine} latency=fast ${query} query_type=metric range_type=instant status=200`,
  ];
}

function passes({ operator, alternatives }: LineFilter, line: string): boolean {
  const negative = operator.startsWith('!');
  const found = alternatives.some(({ text, ip }) => {
    // Patterns and addresses seldom occur in a query; one that does is not reported.
    if (ip || operator.endsWith('>')) return negative;
    if (operator === '|=' || operator === '!=') return line.includes(text.value);
    const regexp = compileRegexp(text);
    return 'regexp' in regexp && regexp.regexp.matcher(line).find();
  });
  return found !== negative;
}
