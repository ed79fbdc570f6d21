import { RE2JS } from 're2js';
import { cached } from '../text/cached';
import { goDurationNs } from '../text/duration';
import { timeZoneProblem } from '../text/time-zone';
import { DURATION, TIME } from './go-time';
import { ANY, BOOL, func, type GoFunction, type GoType, INT, LIST, listOf, STRING } from './types';

interface NotificationFunction extends GoFunction {
  /** Version of Alertmanager that added it. @default older than all supported versions */
  readonly since?: string;
}

const textFunction = func([STRING], STRING);
const HTML: GoType = { name: 'template.HTML', kind: 'string' };
const URL: GoType = { name: 'template.URL', kind: 'string' };
const anyMap: GoType = { name: 'map[string]any', kind: 'map', items: ANY, plain: 'map[string]any', incomparable: true };

/**
 * Functions of Alertmanager's notifications.
 *
 * @see https://github.com/prometheus/alertmanager/blob/v0.35.0/template/template.go
 */
export const NOTIFICATION_FUNCTIONS: Readonly<Record<string, NotificationFunction>> = {
  toUpper: textFunction,
  toLower: textFunction,
  title: textFunction,
  trimSpace: textFunction,
  join: func([STRING, LIST], STRING),
  match: func([STRING, STRING], BOOL, { problem: regexpProblem }),
  safeHtml: func([STRING], HTML),
  reReplaceAll: func([STRING, STRING, STRING], STRING, { problem: regexpProblem }),
  stringSlice: { params: [], rest: STRING, result: listOf(STRING) },
  date: func([STRING, TIME], STRING),
  tz: func([STRING, TIME], TIME, { problem: zoneProblem }),
  since: func([TIME], DURATION),
  humanizeDuration: func([ANY], STRING),
  safeUrl: { ...func([STRING], URL), since: '0.30.0' },
  toJson: { ...func([ANY], STRING), since: '0.30.0' },
  urlUnescape: { ...textFunction, since: '0.30.0' },
  append: { params: [listOf(ANY)], rest: ANY, result: listOf(ANY), since: '0.32.0' },
  dict: { params: [], rest: ANY, result: anyMap, problem: dictProblem, since: '0.32.0' },
  list: { params: [], rest: ANY, result: listOf(ANY), since: '0.32.0' },
  now: { ...func([], TIME), since: '0.33.0' },
  base64decode: { ...textFunction, since: '0.34.0' },
  base64encode: { ...textFunction, since: '0.34.0' },
  mustToDate: { ...func([STRING, STRING], TIME), since: '0.34.0' },
  routeLabels: { ...textFunction, since: '0.34.0' },
  toDate: { ...func([STRING, STRING], TIME), since: '0.34.0' },
  addDuration: { ...func([STRING, TIME], INT, { problem: durationProblem }), since: '0.35.0' },
};

export type Constants = readonly (string | undefined)[];

export function regexpProblem([pattern]: Constants): string | undefined {
  return pattern === undefined ? undefined : problemOfPattern(pattern);
}

/** The templates of many alerts have the same patterns. */
const problemOfPattern = cached((pattern: string): string | undefined => {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return `invalid regular expression ${JSON.stringify(pattern)}: ${(error as Error).message}`;
  }
});

function zoneProblem([zone]: Constants): string | undefined {
  return zone !== undefined && timeZoneProblem(zone) ? `unknown time zone ${JSON.stringify(zone)}` : undefined;
}

function durationProblem([duration]: Constants): string | undefined {
  if (duration === undefined || goDurationNs(duration) !== undefined) return undefined;
  return `invalid duration ${JSON.stringify(duration)}`;
}

function dictProblem(constants: Constants): string | undefined {
  return constants.length % 2 === 0 ? undefined : 'dict expects pairs of a name and a value';
}
