import type { ComputedText } from './computed-text';
import { regexpProblem } from './notification-functions';
import { ANY, BOOL, FLOAT, func, type GoFunction, type GoType, type GoValue, listOf, STRING } from './types';

const LABELS: GoType = { name: 'a set of labels', kind: 'map', items: STRING, incomparable: true };
const SAMPLE = sampleOf(LABELS);
const RESULT = listOf(SAMPLE);
const ARGS: GoType = { name: 'map[string]any', kind: 'map', items: ANY, incomparable: true };

function sampleOf(labels: GoType): GoType {
  return { name: 'a sample', kind: 'struct', fields: { Labels: labels, Value: FLOAT } };
}

function labelRead(key: GoValue | undefined, sample: GoType | undefined) {
  const labels = sample?.fields?.Labels;
  return key && labels && { key, of: labels };
}

/** Type of the dot in labels and annotations of an alert. @param labels those of its series @default any */
export function ruleData(labels?: ReadonlySet<string>): GoType {
  const own = { ...LABELS, keys: labels };
  return {
    name: 'the data of an alert',
    kind: 'struct',
    fields: { Labels: own, ExternalLabels: LABELS, ExternalURL: STRING, Value: FLOAT },
  };
}

/** Types of the variables of an alert. @param labels those of its series @default any */
export function ruleVariables(labels?: ReadonlySet<string>): Readonly<Record<string, GoType>> {
  return { $labels: { ...LABELS, keys: labels }, $externalLabels: LABELS, $value: FLOAT };
}

const textFunction = func([STRING], STRING);
const numberFunction = func([ANY], STRING);
const conversion = func([ANY], ANY);

/**
 * Functions of labels and annotations of alerting rules.
 *
 * @param labelsOf returns the labels of the samples of a query @default any
 * @see https://github.com/prometheus/prometheus/blob/v3.12.0/template/template.go
 */
export function ruleFunctions(
  labelsOf: (query: ComputedText | undefined) => ReadonlySet<string> | undefined,
): Readonly<Record<string, GoFunction>> {
  const query = ([argument]: readonly GoValue[]) => {
    const keys = labelsOf(argument?.text);
    return keys ? listOf(sampleOf({ ...LABELS, keys })) : RESULT;
  };
  return {
    query: func([STRING], RESULT, { resultOf: query }),
    first: func([RESULT], SAMPLE, { resultOf: ([result]) => result?.type.items ?? SAMPLE }),
    label: func([STRING, SAMPLE], STRING, { reads: ([key, sample]) => labelRead(key, sample?.type) }),
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
    sortByLabel: func([STRING, RESULT], RESULT, {
      reads: ([key, result]) => labelRead(key, result?.type.items),
      resultOf: ([, result]) => result?.type ?? RESULT,
    }),
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
