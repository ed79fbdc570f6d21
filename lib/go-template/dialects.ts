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

/**
 * Annotations and labels of alerting rules, as Loki checks them on load: with `$labels`, `$externalLabels` and
 * `$value`, without Prometheus' `$externalURL`.
 *
 * @see https://github.com/grafana/loki/blob/v3.7.8/pkg/ruler/compat.go
 * @see https://github.com/prometheus/prometheus/blob/v3.12.0/template/template.go
 */
export const RULE_TEMPLATE: TemplateDialect = {
  functions: new Set([
    ...['query', 'first', 'label', 'value', 'strvalue', 'args', 'reReplaceAll', 'safeHtml', 'match', 'title'],
    ...['toUpper', 'toLower', 'graphLink', 'tableLink', 'sortByLabel', 'stripPort', 'stripDomain', 'humanize'],
    ...['humanize1024', 'humanizeDuration', 'humanizePercentage', 'humanizeTimestamp', 'toTime', 'toDuration', 'now'],
    ...['pathPrefix', 'externalURL', 'parseDuration', 'urlQueryEscape'],
  ]),
  variables: new Set(['$labels', '$externalLabels', '$value']),
};

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
