import type { LabelMatcher, LineFilter, LogRange, Selector } from '../../logql';
import { compileRegexp } from '../../logql/regexp';
import { type CheckOptions, DEFAULT_LOKI_LABELS } from '../check-options';
import { isAlert } from '../model';
import { rangesOf } from './queries';
import type { RuleCheck, RuleScope } from './rule-check';

/** Longer expressions are not checked: it takes time, and no one writes expressions that long by hand. */
const MAX_LENGTH = 10_000;

/**
 * Loki logs the text of every rule each time it evaluates it, in three lines (measured on 3.7.8; pkg/ruler/compat.go,
 * pkg/logql/engine.go, pkg/logql/metrics.go), and the collector sends them to Loki again: a rule that searches for a
 * word always finds its own query.
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
          fix: 'exclude the logs of Loki in the selector (container!="loki"), or drop these lines with a first filter (!= "query_hash=")',
        };
      }
    },
  },
];

/** Labels of common collectors that name a program. */
const PROGRAM = /(^|_)(app|container|service|component)(_name|_kubernetes_io_name)?$/;

/** Likely values of labels of Loki's own stream, if they are unknown. */
const LIKELY = { program: ['loki'], place: ['loki', 'logging', 'logs', 'monitoring', 'observability', 'grafana'] };
const LIKELY_PLACE = new RegExp(LIKELY.place.join('|'), 'i');
const LIKELY_JOBS = [...LIKELY.program, ...LIKELY.place.map((place) => `${place}/loki`)];

function likelyValues(label: string): readonly string[] {
  if (label === 'job') return LIKELY_JOBS;
  return PROGRAM.test(label) ? LIKELY.program : LIKELY.place;
}

/** True if the selector may match the stream of Loki's own logs. */
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
    // A negative matcher on a program's name excludes Loki on purpose; a positive one may match any likely value.
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

/**
 * True if a line that Loki logs about the rule passes the line filters. A label filter may drop it for other reasons.
 */
function findsOwnQuery({ stages }: LogRange, scope: RuleScope): boolean {
  const filters = stages.filter((stage) => stage.kind === 'line-filter');
  const searches = filters.some(({ operator }) => operator === '|=' || operator === '|~');
  if (!searches || stages.some(({ kind }) => kind === 'label-filter')) return false;
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
    // Patterns and addresses rarely occur in a query, so they count as not found.
    if (ip || operator.endsWith('>')) return negative;
    if (operator === '|=' || operator === '!=') return line.includes(text.value);
    const regexp = compileRegexp(text);
    return 'regexp' in regexp && regexp.regexp.matcher(line).find();
  });
  return found !== negative;
}
