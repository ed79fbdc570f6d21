import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { LogQLCheckId } from '../checks';
import { checkTemplate, LOGQL_TEMPLATE } from '../go-template';
import { consecutiveCaptures, patternParts } from './pattern';
import { compileRegexp } from './regexp';
import type {
  Expr,
  LabelFilterExpr,
  LabelFormat,
  LineFilter,
  LogQLProblem,
  Parser,
  PipelineStage,
  Span,
  StringLiteral,
} from './syntax';
import { unreadFormats } from './unread-formats';
import { sources, walk } from './walk';

/*
 * Queries that Loki loads, and of which every evaluation fails: it builds the stages of a pipeline only when it runs
 * the query. Measured on Loki 3.7.8 with rules. Not among them is `approx_topk`: the ruler evaluates it as topk.
 */

const report = (id: LogQLCheckId, { from, to }: Span, problem: string, fix?: string): LogQLProblem => ({
  id,
  problem,
  fix,
  from,
  to,
});

/** Problems that make every evaluation of a rule's expression fail, although Loki loads it. */
export function neverEvaluates(expr: Expr): LogQLProblem[] {
  const problems = [...walk(expr)].flatMap((at) => expressionProblems(at));
  const unread = new Set<PipelineStage>(unreadFormats(expr));
  for (const { stages, unwrap } of sources(expr)) {
    const built = stages.filter((stage) => !unread.has(stage));
    problems.push(...built.flatMap(stageProblems), ...(unwrap?.filters ?? []).flatMap(filterProblems));
  }
  return problems.sort((a, b) => a.from - b.from);
}

/** Problems of templates that Loki does not use, because no later stage reads the line. */
export function unreadTemplates(expr: Expr): LogQLProblem[] {
  return unreadFormats(expr).flatMap(({ template }) => templateProblems(template));
}

function expressionProblems(expr: Expr): LogQLProblem[] {
  if (expr.kind === 'log') {
    const fix = 'count the lines, e.g. count_over_time(… [5m])';
    return [report('rule-log-query', expr, 'log query as a rule, so every evaluation fails', fix)];
  }
  if (expr.kind === 'variants') {
    const problem = 'multi-variant queries are disabled by default (limits_config.enable_multi_variant_queries)';
    return [report('rule-variants', expr, problem, 'write one rule for each variant')];
  }
  if ((expr.kind === 'aggregation' || expr.kind === 'label-replace') && expr.operand.kind === 'number') {
    const fix = `use vector(${expr.operand.value})`;
    return [report('number-operand', expr.operand, 'functions of a number are not supported', fix)];
  }
  return [];
}

function stageProblems(stage: PipelineStage): LogQLProblem[] {
  switch (stage.kind) {
    case 'line-filter':
      return lineFilterProblems(stage);
    case 'label-filter':
      return filterProblems(stage.filter);
    case 'line-format':
      return templateProblems(stage.template);
    case 'label-format':
      return labelFormatProblems(stage);
    case 'parser':
      return extractionProblems(stage);
    default:
      return [];
  }
}

function lineFilterProblems({ operator, alternatives }: LineFilter): LogQLProblem[] {
  // In a positive filter with alternatives, Loki reads ip(…) as plain text.
  const ipsCount = alternatives.length === 1 || operator.startsWith('!');
  return alternatives.flatMap(({ text, ip }) => {
    if (ip && ipsCount && operator !== '|=' && operator !== '!=') {
      return [report('ip-filter', text, `ip(…) is not supported by ${operator}`, 'use |= or !=')];
    }
    if (ip && ipsCount) {
      return isIpPattern(text.value) ? [] : [ipProblem(text.value, text)];
    }
    switch (operator) {
      case '|~':
      case '!~': {
        const result = compileRegexp(text);
        return 'error' in result
          ? [report('line-filter-regex', text, `invalid regular expression: ${result.error}`)]
          : [];
      }
      case '|>':
      case '!>':
        return patternProblems(text);
      default:
        return [];
    }
  });
}

function patternProblems(text: StringLiteral): LogQLProblem[] {
  const parts = patternParts(text);
  const named = parts.find((part) => 'capture' in part && part.capture !== '_');
  const pair = consecutiveCaptures(parts);
  if (pair) {
    return [report('line-filter-pattern', text, `consecutive captures ${pair}`, 'add the text between them')];
  }
  if (named && 'capture' in named) {
    const fix = `use <_> instead of <${named.capture}>`;
    return [report('line-filter-pattern', text, 'named captures are not supported in a line filter', fix)];
  }
  return [];
}

function filterProblems(filter: LabelFilterExpr): LogQLProblem[] {
  const problems: LogQLProblem[] = [];
  const pending = [filter];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.kind === 'label-and' || next.kind === 'label-or') {
      pending.push(next.right, next.left);
    } else if (next.kind === 'label-comparison' && next.type === 'ip' && !isIpPattern(`${next.value}`)) {
      problems.push(ipProblem(`${next.value}`, next));
    }
  }
  return problems;
}

function ipProblem(pattern: string, span: Span): LogQLProblem {
  const fix = 'use an address, a network (10.0.0.0/8) or a range (10.0.0.1-10.0.0.9)';
  return report('ip-filter', span, `invalid address "${pattern}"`, fix);
}

/** True for an address, a network or a range, as Go's netip and netipx read them. */
function isIpPattern(pattern: string): boolean {
  // To Go, anything after `%` is the zone of an IPv6 address.
  if (isIPv4(pattern) || isIPv6(pattern.replace(/%.+$/s, ''))) {
    return true;
  }
  const [, first = '', separator, last = ''] = /^([^/-]*)([/-])([^/-]*)$/.exec(pattern) ?? [];
  const family = isIPv4(first) ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  try {
    if (separator === '/') {
      list.addSubnet(first, /^(?:0|[1-9]\d*)$/.test(last) ? Number(last) : -1, family);
    } else {
      list.addRange(first, last, family);
    }
    return separator !== undefined;
  } catch {
    return false;
  }
}

function templateProblems(template: StringLiteral): LogQLProblem[] {
  return checkTemplate(template.value, LOGQL_TEMPLATE).map(({ message, undefined: name }) => {
    const isFunction = name !== undefined && !name.startsWith('$');
    return report(isFunction ? 'template-function' : 'format-template', template, `invalid template: ${message}`);
  });
}

function labelFormatProblems({ labels }: LabelFormat): LogQLProblem[] {
  return labels.flatMap((format, index) => {
    const problems = format.template ? templateProblems(format.template) : [];
    if (format.label === '__error__') {
      problems.push(
        report('label-format', format, '"__error__" cannot be formatted', 'use | drop __error__ to remove it'),
      );
    }
    if (labels.findIndex(({ label }) => label === format.label) < index) {
      const problem = `duplicate label "${format.label}" in label_format`;
      problems.push(report('label-format', format, problem, 'use a second | label_format'));
    }
    return problems;
  });
}

/** Tokens of a `json` path: groups F for a field, S for a string, I for an index, P for punctuation. */
const JSON_TOKEN =
  /[ \t\n]*(?:(?<I>\d+)(?=[ \t\n\]])|(?<P>[[\].])|(?<F>[A-Za-z_]\w*)|(?<S>"[^"\]]*(?:["\]]|$)))[ \t\n]*/y;
const JSON_PATH = /^(?:F|\[[SI]\])(?:\.F|\[[SI]\])*$/;
/** Key of `logfmt`, bare or quoted. */
const LOGFMT_KEY = /^[ \t\n]*(?:[A-Za-z_]\w*|"[^"\]]*(?:["\]]|$))(?:[ \t\n]*"[^"\]]*(?:["\]]|$))*[ \t\n]*$/;

function extractionProblems({ parser, extractions }: Parser): LogQLProblem[] {
  return extractions
    .filter(({ expression }) => !(parser === 'json' ? JSON_PATH.test(shape(expression)) : LOGFMT_KEY.test(expression)))
    .map((extraction) => {
      const example = parser === 'json' ? '`servers[0].name` or `["a-b"]`' : 'a key such as `status`';
      return report(
        'extraction',
        extraction,
        `invalid path "${extraction.expression}" for ${parser}`,
        `use ${example}`,
      );
    });
}

function shape(expression: string): string {
  let letters = '';
  JSON_TOKEN.lastIndex = 0;
  for (let at = 0; at < expression.length; at = JSON_TOKEN.lastIndex) {
    const groups = JSON_TOKEN.exec(expression)?.groups;
    if (!groups) {
      return '';
    }
    letters += groups.P ?? Object.keys(groups).find((name) => groups[name] !== undefined);
  }
  return letters;
}
