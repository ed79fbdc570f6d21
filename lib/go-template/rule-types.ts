import { type Constants, regexpProblem } from './notification-functions';
import { ANY, BOOL, FLOAT, func, type GoFunction, type GoType, listOf, STRING } from './types';

const LABELS: GoType = { name: 'a set of labels', kind: 'map', items: STRING, incomparable: true };
const SAMPLE: GoType = { name: 'a sample', kind: 'struct', fields: { Labels: LABELS, Value: FLOAT } };
const RESULT = listOf(SAMPLE);
const ARGS: GoType = { name: 'map[string]any', kind: 'map', items: ANY, incomparable: true };

/** Type of the dot in labels and annotations of alerting rules. */
export const RULE_DATA: GoType = {
  name: 'the data of an alert',
  kind: 'struct',
  fields: { Labels: LABELS, ExternalLabels: LABELS, ExternalURL: STRING, Value: FLOAT },
};

/** Types of the variables of alerting rules. */
export const RULE_VARIABLES: Readonly<Record<string, GoType>> = {
  $labels: LABELS,
  $externalLabels: LABELS,
  $value: FLOAT,
};

const textFunction = func([STRING], STRING);
const numberFunction = func([ANY], STRING);
const conversion = func([ANY], ANY);

/**
 * Functions of labels and annotations of alerting rules.
 *
 * @param queryProblem returns why a query fails
 * @see https://github.com/prometheus/prometheus/blob/v3.12.0/template/template.go
 */
export function ruleFunctions(
  queryProblem: (query: string) => string | undefined,
): Readonly<Record<string, GoFunction>> {
  const problem = ([query]: Constants) => (query === undefined ? undefined : queryProblem(query));
  return {
    query: func([STRING], RESULT, { problem }),
    first: func([RESULT], SAMPLE),
    label: func([STRING, SAMPLE], STRING),
    value: func([SAMPLE], FLOAT),
    strvalue: func([SAMPLE], STRING),
    args: { params: [], rest: ANY, result: ARGS },
    reReplaceAll: func([STRING, STRING, STRING], STRING, { problem: regexpProblem }),
    safeHtml: textFunction,
    match: func([STRING, STRING], BOOL, { problem: regexpProblem }),
    title: textFunction,
    toUpper: textFunction,
    toLower: textFunction,
    graphLink: textFunction,
    tableLink: textFunction,
    sortByLabel: func([STRING, RESULT], RESULT),
    stripPort: textFunction,
    stripDomain: textFunction,
    humanize: numberFunction,
    humanize1024: numberFunction,
    humanizeDuration: numberFunction,
    humanizePercentage: numberFunction,
    humanizeTimestamp: numberFunction,
    toTime: conversion,
    toDuration: conversion,
    now: func([], FLOAT),
    pathPrefix: func([], STRING),
    externalURL: func([], STRING),
    parseDuration: func([STRING], FLOAT),
    urlQueryEscape: textFunction,
  };
}
