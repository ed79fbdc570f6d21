import type { CheckInfo } from './check';

/**
 * Checks on LogQL expressions that Loki refuses to load, or loads and can never evaluate. Versions are from its
 * changelog, when the function or stage was added (grafana/loki#3047, #3280, #3837, #3986, #12398, #16196).
 */
export const LOGQL_CHECK_INFO = {
  'logql-syntax': { severity: 'error', title: 'expression that is not LogQL' },
  'logql-too-long': { severity: 'error', title: 'query that is too long for Loki' },
  'logql-number': { severity: 'error', title: 'invalid number' },
  'logql-matchers': { severity: 'error', title: 'selector that matches every stream' },
  'logql-regex': { severity: 'error', title: 'invalid regular expression' },
  'logql-pattern': { severity: 'error', title: 'invalid pattern of a parser', since: { loki: '2.3' } },
  'logql-grouping': { severity: 'error', title: 'grouping that the function does not support' },
  'logql-parameter': { severity: 'error', title: 'missing or unsupported parameter' },
  'logql-unwrap': { severity: 'error', title: 'missing or unsupported unwrap' },
  'logql-binary-operation': { severity: 'error', title: 'operand that the operator does not support' },
  'logql-label-replace': {
    severity: 'error',
    title: 'invalid regular expression of label_replace',
    since: { loki: '2.2' },
  },
  'rule-log-query': { severity: 'error', title: 'log query as a rule' },
  'rule-variants': {
    severity: 'error',
    title: 'multi-variant query, which is disabled by default',
    since: { loki: '3.5' },
  },
  'number-operand': { severity: 'error', title: 'function of a number' },
  'line-filter-regex': { severity: 'error', title: 'invalid regular expression of a line filter' },
  'line-filter-pattern': { severity: 'error', title: 'invalid pattern of a line filter', since: { loki: '3.0' } },
  'ip-filter': { severity: 'error', title: 'invalid address in ip()', since: { loki: '2.3' } },
  'format-template': { severity: 'error', title: 'invalid template of line_format or label_format' },
  'template-function': { severity: 'error', title: 'template with an unknown function' },
  'label-format': { severity: 'error', title: 'invalid label_format' },
  extraction: { severity: 'error', title: 'invalid path of json or logfmt', since: { loki: '2.2' } },
} as const satisfies Readonly<Record<string, CheckInfo>>;
