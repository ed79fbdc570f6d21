import { isOlder } from '../versions/version';
import { NOTIFICATION_FUNCTIONS } from './notification-functions';
import type { TemplateDialect } from './pipeline';

/**
 * Templates of `line_format` and `label_format`.
 *
 * @see https://github.com/grafana/loki/blob/v3.7.8/pkg/logql/log/fmt.go
 */
export const LOGQL_TEMPLATE: TemplateDialect = {
  functions: new Set([
    ...['ToLower', 'ToUpper', 'Replace', 'Trim', 'TrimLeft', 'TrimRight', 'TrimPrefix', 'TrimSuffix', 'TrimSpace'],
    ...['regexReplaceAll', 'regexReplaceAllLiteral', 'count', 'urldecode', 'urlencode', 'bytes', 'duration'],
    ...['duration_seconds', 'unixEpochMillis', 'unixEpochNanos', 'toDateInZone', 'unixToTime', 'alignLeft'],
    ...['alignRight', '__line__', '__timestamp__', 'b64enc', 'b64dec', 'lower', 'upper', 'title', 'trunc', 'substr'],
    ...['contains', 'hasPrefix', 'hasSuffix', 'indent', 'nindent', 'replace', 'repeat', 'trim', 'trimAll'],
    ...['trimSuffix', 'trimPrefix', 'int', 'float64', 'add', 'sub', 'mul', 'div', 'mod', 'addf', 'subf', 'mulf'],
    ...['divf', 'max', 'min', 'maxf', 'minf', 'ceil', 'floor', 'round', 'fromJson', 'date', 'toDate', 'now'],
    ...['unixEpoch', 'default'],
  ]),
  variables: new Set(),
};

/** Functions that the ruler has only had since Loki 3.6, with Prometheus 3.6. */
const SINCE_3_6 = ['toDuration', 'now'];

const RULE_FUNCTIONS = [
  ...['query', 'first', 'label', 'value', 'strvalue', 'args', 'reReplaceAll', 'safeHtml', 'match', 'title'],
  ...['toUpper', 'toLower', 'graphLink', 'tableLink', 'sortByLabel', 'stripPort', 'stripDomain', 'humanize'],
  ...['humanize1024', 'humanizeDuration', 'humanizePercentage', 'humanizeTimestamp', 'toTime'],
  ...['pathPrefix', 'externalURL', 'parseDuration', 'urlQueryEscape'],
];

/**
 * Annotations and labels of alerting rules, as a version of Loki checks them on load: with `$labels`, `$externalLabels`
 * and `$value`, without Prometheus' `$externalURL`.
 *
 * @param version version of Loki @default the newest
 * @see https://github.com/grafana/loki/blob/v3.7.8/pkg/ruler/compat.go
 * @see https://github.com/prometheus/prometheus/blob/v3.12.0/template/template.go
 */
export function ruleTemplate(version?: string): TemplateDialect {
  const isOld = version !== undefined && isOlder(version, '3.6.0');
  return {
    functions: new Set([...RULE_FUNCTIONS, ...(isOld ? [] : SINCE_3_6)]),
    newer: new Map(isOld ? SINCE_3_6.map((name) => [name, '3.6.0']) : []),
    variables: new Set(['$labels', '$externalLabels', '$value']),
  };
}

/** Annotations and labels, as the newest Loki checks them. */
export const RULE_TEMPLATE = ruleTemplate();

/**
 * Notifications of a version of Alertmanager: fields of receivers, and template files.
 *
 * @see https://github.com/prometheus/alertmanager/blob/v0.35.0/template/template.go
 */
export function notificationTemplate(version: string): TemplateDialect {
  const functions = new Set<string>();
  const newer = new Map<string, string>();
  for (const [name, { since }] of Object.entries(NOTIFICATION_FUNCTIONS)) {
    if (since !== undefined && isOlder(version, since)) newer.set(name, since);
    else functions.add(name);
  }
  return { functions, newer, variables: new Set() };
}
