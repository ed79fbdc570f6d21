import { didYouMean } from '../text/did-you-mean';
import type { Token } from './lexer';

/** Functions of PromQL, and what they are in LogQL. */
const PROMQL: Readonly<Record<string, string>> = {
  increase: 'use count_over_time(…), which counts lines',
  irate: 'use rate(…)',
  delta: 'use count_over_time(…) with and without an offset',
  histogram_quantile: 'use quantile_over_time(0.99, … | unwrap <label> [5m])',
  absent: 'use absent_over_time({…} [5m])',
  stddev: 'use stddev_over_time(… | unwrap <label> [5m])',
};

const FUNCTIONS = ['rate', 'count_over_time', 'bytes_rate', 'bytes_over_time', 'avg_over_time', 'sum_over_time'].concat(
  ['max_over_time', 'min_over_time', 'quantile_over_time', 'absent_over_time', 'sum', 'topk', 'label_replace'],
);

/** Returns what to write instead of an unexpected token, if the mistake is a common one. */
export function syntaxHint(text: string, token: Token): string | undefined {
  const before = text.slice(0, token.from).trimEnd();
  const own = text.slice(token.from, token.to);
  return literalHint(before, token, own) ?? nameHint(before, own, text.slice(token.to)) ?? stageHint(before, own);
}

/** True where a query compares two expressions: after `) > `, not after `| status > `. */
const COMPARES = /\)\s*(?:by\s*\([^)]*\)\s*)?(?:[<>]=?|[=!]=)\s*$/;

function literalHint(before: string, token: Token, own: string): string | undefined {
  if (COMPARES.test(before) && token.type === 'bytes') return `use a number of bytes: ${token.bytes}`;
  if (COMPARES.test(before) && token.type === 'duration') {
    return `use a number: ${Number(token.nanoseconds) / 1e9}, if it is in seconds`;
  }
  const [, percent] = /(\d+(?:\.\d+)?)\s*%$/.exec(before) ?? [];
  if (token.type === 'eof' && percent !== undefined)
    return `use a fraction: ${Number((Number(percent) / 100).toPrecision(12))}`;
  if (/\w\s*[<>]=?$/.test(before) && /^["`]\d+(?:\.\d+)?["`]$/.test(own))
    return `write the number without quotes: ${own.slice(1, -1)}`;
  if (own.startsWith("'")) return `use double quotes: ${own.replace(/^'|'$/g, '"')}`;
  return own.startsWith('$') ? 'write the value: rules have no variables' : undefined;
}

const AGGREGATIONS = /^(?:sum|avg|min|max|count|stddev|stdvar|topk|bottomk|sort|sort_desc)$/;
/** `by app (`, `without pod, node (` */
const GROUPING_WITHOUT_PARENTHESES = /^\s+(?:by|without)\s+(\w+(?:\s*,\s*\w+)*)\s*\(/;

function nameHint(before: string, own: string, after: string): string | undefined {
  const [, name] = /([A-Za-z_]\w*)$/.exec(before) ?? [];
  const [, rest = ''] = /^([\w.]*)/.exec(after) ?? [];
  if (own === '.' && name !== undefined) {
    return `use ${`${name}_${rest}`.replaceAll('.', '_')}: names of labels have underscores instead of dots`;
  }
  if (/[,{]$/.test(before) && /^"[^"]*"$/.test(own)) return `write the name without quotes: ${own.slice(1, -1)}`;
  if (/[=!~]$/.test(before) && /^[A-Za-z_]/.test(own)) return `put the value in quotes: "${own}${rest}"`;
  const [clause, labels = ''] = GROUPING_WITHOUT_PARENTHESES.exec(after) ?? [];
  if (AGGREGATIONS.test(own) && clause !== undefined) {
    const by = clause.trim().split(/\s/, 1)[0];
    return `put the labels in parentheses: ${own} ${by} (${labels
      .trim()
      .split(/[\s,]+/)
      .join(', ')}) (…)`;
  }
  if (/^\s*\(/.test(after) && /^[a-z_]+$/.test(own) && !/[|}\])"]$/.test(before)) {
    return PROMQL[own] ?? (didYouMean(own, FUNCTIONS).replace(/^\W+/, '') || undefined);
  }
  if (/_over_time\s*\($|rate\s*\($/.test(before) && /^[A-Za-z_:]/.test(own)) {
    return 'select log lines: LogQL has no metrics, so write e.g. {app="web"}';
  }
  return undefined;
}

function stageHint(before: string, own: string): string | undefined {
  const isOperator = /^(?:\|[=~>]|!=|!~|!>)$/.test(own);
  if (isOperator && /\bor$/.test(before)) return `write the operator once: ${own} "a" or "b"`;
  if (/^(?:&|and)$/i.test(own) && /["`}]$/.test(before)) return 'write the filters one after another: |= "a" |= "b"';
  return undefined;
}
