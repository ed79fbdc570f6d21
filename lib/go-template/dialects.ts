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
 * Annotations and labels of alert rules, as Loki checks them at load: with `$labels`, `$externalLabels` and `$value`,
 * and without the `$externalURL` that Prometheus has.
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
 * Messages of Alertmanager: receivers' fields and template files.
 *
 * @see https://github.com/prometheus/alertmanager/blob/v0.35.0/template/template.go
 */
export const NOTIFICATION_TEMPLATE: TemplateDialect = {
  functions: new Set([
    ...['toUpper', 'toLower', 'title', 'trimSpace', 'join', 'match', 'safeHtml', 'safeUrl', 'urlUnescape'],
    ...['reReplaceAll', 'stringSlice', 'routeLabels', 'date', 'tz', 'now', 'since', 'humanizeDuration', 'toDate'],
    ...['mustToDate', 'toJson', 'base64encode', 'base64decode', 'list', 'append', 'dict'],
  ]),
  variables: new Set(),
};
