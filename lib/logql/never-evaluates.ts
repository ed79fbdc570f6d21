import { BlockList, isIPv4, isIPv6 } from 'node:net';
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
  Span,
  Stage,
  StringLiteral,
} from './syntax';
import { sources, walk } from './walk';

/*
 * What Loki loads and fails to evaluate, each time: it builds the stages of a pipeline only when it runs the query.
 * Measured on Loki 3.7.8 with rules; `approx_topk` is not among it, for the ruler takes it for topk.
 */

const problem = (id: string, message: string, { from, to }: Span): LogQLProblem => ({ id, message, from, to });

/** What Loki loads as a rule's expression and can never evaluate. Empty for an expression that works. */
export function neverEvaluates(expr: Expr): LogQLProblem[] {
  const problems = [...walk(expr)].flatMap((at) => expressionProblems(at));
  for (const { stages, unwrap } of sources(expr)) {
    problems.push(...stages.flatMap(stageProblems), ...(unwrap?.filters ?? []).flatMap(filterProblems));
  }
  return problems.sort((a, b) => a.from - b.from);
}

function expressionProblems(expr: Expr): LogQLProblem[] {
  if (expr.kind === 'log') {
    const message =
      'this selects log lines and a rule needs numbers: every evaluation fails; count the lines, such as count_over_time(… [5m])';
    return [problem('rule-log-query', message, expr)];
  }
  if (expr.kind === 'variants') {
    const message =
      'multi variant queries are disabled unless limits_config.enable_multi_variant_queries is set: every evaluation fails; write one rule for each variant';
    return [problem('rule-variants', message, expr)];
  }
  if ((expr.kind === 'aggregation' || expr.kind === 'label-replace') && expr.operand.kind === 'number') {
    const message = `Loki evaluates no function over a plain number: write vector(${expr.operand.value})`;
    return [problem('number-operand', message, expr.operand)];
  }
  return [];
}

function stageProblems(stage: Stage): LogQLProblem[] {
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
  // Among alternatives of a positive filter Loki takes ip(…) for plain text.
  const ipsCount = alternatives.length === 1 || operator.startsWith('!');
  return alternatives.flatMap(({ text, ip }) => {
    if (ip && ipsCount && operator !== '|=' && operator !== '!=') {
      return [problem('ip-filter', `ip(…) goes with |= and != only, not with ${operator}`, text)];
    }
    if (ip && ipsCount) {
      return isIpPattern(text.value) ? [] : [ipProblem(text.value, text)];
    }
    switch (operator) {
      case '|~':
      case '!~': {
        const result = compileRegexp(text);
        return 'error' in result
          ? [problem('line-filter-regex', `invalid regular expression: ${result.error}`, text)]
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
    return [
      problem(
        'line-filter-pattern',
        `consecutive captures ${pair}: put the text between them that separates them`,
        text,
      ),
    ];
  }
  if (named && 'capture' in named) {
    const message = `a pattern that filters lines names nothing: write <_> instead of <${named.capture}>`;
    return [problem('line-filter-pattern', message, text)];
  }
  return [];
}

function filterProblems(filter: LabelFilterExpr): LogQLProblem[] {
  const problems: LogQLProblem[] = [];
  const open = [filter];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === 'label-and' || next.kind === 'label-or') {
      open.push(next.right, next.left);
    } else if (next.kind === 'label-comparison' && next.type === 'ip' && !isIpPattern(`${next.value}`)) {
      problems.push(ipProblem(`${next.value}`, next));
    }
  }
  return problems;
}

function ipProblem(pattern: string, span: Span): LogQLProblem {
  const message = `invalid address pattern "${pattern}": write an address, a network such as 10.0.0.0/8, or a range such as 10.0.0.1-10.0.0.9`;
  return problem('ip-filter', message, span);
}

/** An address, a network or a range, as Go's netip and netipx read them. */
function isIpPattern(pattern: string): boolean {
  // Go takes anything behind `%` for the zone of an IPv6 address.
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
  return checkTemplate(template.value, LOGQL_TEMPLATE).map(({ message }) => {
    const id = /^function "/.test(message) ? 'template-function' : 'template-syntax';
    return problem(id, `invalid template: ${message}`, template);
  });
}

function labelFormatProblems({ labels }: LabelFormat): LogQLProblem[] {
  return labels.flatMap((format, index) => {
    const problems = format.template ? templateProblems(format.template) : [];
    if (format.label === '__error__') {
      problems.push(
        problem('label-format', '__error__ cannot be formatted: use `| drop __error__` to remove it', format),
      );
    }
    if (labels.findIndex(({ label }) => label === format.label) < index) {
      const message = `label ${format.label} stands twice in one label_format: write a second \`| label_format\``;
      problems.push(problem('label-format', message, format));
    }
    return problems;
  });
}

/** Tokens of the path that `json` takes, as letters: Field, String, Index, and the punctuation itself. */
const JSON_TOKEN =
  /[ \t\n]*(?:(?<I>\d+)(?=[ \t\n\]])|(?<P>[[\].])|(?<F>[A-Za-z_]\w*)|(?<S>"[^"\]]*(?:["\]]|$)))[ \t\n]*/y;
const JSON_PATH = /^(?:F|\[[SI]\])(?:\.F|\[[SI]\])*$/;
/** `logfmt` takes one key, bare or quoted. */
const LOGFMT_KEY = /^[ \t\n]*(?:[A-Za-z_]\w*|"[^"\]]*(?:["\]]|$))(?:[ \t\n]*"[^"\]]*(?:["\]]|$))*[ \t\n]*$/;

function extractionProblems({ parser, extractions }: Parser): LogQLProblem[] {
  return extractions
    .filter(({ expression }) => !(parser === 'json' ? JSON_PATH.test(shape(expression)) : LOGFMT_KEY.test(expression)))
    .map((extraction) => {
      const example = parser === 'json' ? '`servers[0].name` or `["a-b"]`' : 'a key such as `status`';
      const message = `"${extraction.expression}" is nothing that ${parser} can extract: write ${example}`;
      return problem('extraction', message, extraction);
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
