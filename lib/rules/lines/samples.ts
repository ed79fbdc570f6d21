import * as v from 'valibot';
import { compileRegexp, matchesNothing } from '../../logql/regexp';
import { durationMs, formatDuration } from '../../text/duration';
import { goRawString, goString } from '../../text/go-string';
import { assertOptions, duration, optionsOf, wrong } from '../../validate/validate';
import type { Duration } from '../model';
import { logQuery, type QueryFormat, queryFormat } from './query-format';
import { ADDRESSES, CREDENTIALS, type Redaction } from './redactions';
import { shapeOf } from './shape';

/** Options of the lines in an alert. */
export interface SampleOptions {
  /** Number of different lines, from 1 to 10. @default 3 */
  readonly top?: number;
  /** Counts lines as one that differ only in numbers, ids and addresses, which are shown as `#`. @default true */
  readonly fold?: boolean;
  /** Maximum length of a line in characters, from 20 to 1000; a longer one ends with `…`. @default 200 */
  readonly cut?: number;
  /**
   * Hides texts that look like a credential or an e-mail address. A list hides the matches of its regular expressions
   * (RE2) as well.
   * @default true
   */
  readonly redact?: boolean | readonly string[];
}

/** Props of `samples`. */
export interface SamplesProps extends SampleOptions {
  /**
   * Log query for the lines of one alert. The alert's labels are written as in annotations, each as a whole value:
   * `{namespace="{{ $labels.namespace }}", app="{{ $labels.app }}"} |= "error"`.
   */
  readonly query: string;
  /** Time before the evaluation from which lines are read, from 1s to 1h: that of the alert's expression. @default '5m' */
  readonly range?: Duration;
}

/** Number of lines in a part of the range that makes it a flood: folding a line takes Loki up to 50 µs. */
const FLOOD = 30;
const FLOOD_PART = 60;

/** Lines of the last seconds are on their way: collectors send them in batches. */
const LATE: Duration = '10s';

/** A part of it is a minute. */
const MAX_RANGE: Duration = '1h';

/** Slack folds long messages, and rejects those above 40,000 characters. */
const [MAX_TOP, MAX_CUT] = [10, 1000];

/** A time stamp has as many characters. */
const MIN_CUT = 20;

/** A regular expression for the ruler, which compiles it with Go's own library. */
const regexp = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const result = compileRegexp({ value: dataset.value }, 'go');
    if ('error' in result)
      addIssue({
        message: wrong(`${goString(dataset.value)} is not a valid regular expression: ${result.error}`, 'correct it'),
      });
    else if (matchesNothing(result.regexp))
      addIssue({
        message: wrong(
          `${goString(dataset.value)} matches an empty text`,
          'use an expression that matches at least a character',
        ),
      });
  }),
);

const integer = (from: number, to: number) =>
  v.pipe(
    v.number(),
    v.check(
      (number) => Number.isInteger(number) && number >= from && number <= to,
      wrong(`is not a whole number from ${from} to ${to}`, 'use one'),
    ),
  );

const options = {
  top: v.optional(integer(1, MAX_TOP)),
  fold: v.optional(v.boolean()),
  cut: v.optional(integer(MIN_CUT, MAX_CUT)),
  redact: v.optional(v.union([v.boolean(), v.array(regexp)])),
};

const samplesProps = optionsOf<SamplesProps>()({
  ...options,
  query: logQuery((query) => {
    const result = queryFormat(query);
    return 'problem' in result ? result : undefined;
  }),
  range: v.optional(
    v.pipe(
      duration,
      // What is not a duration longer than 0 is reported by `duration`.
      v.check((text) => (durationMs(text) || 1000) >= 1000, wrong('is shorter than 1s', 'use e.g. "1m"')),
      v.check(
        (text) => (durationMs(text) ?? 0) <= (durationMs(MAX_RANGE) ?? 0),
        wrong(`is longer than ${MAX_RANGE}`, 'lines are read at each evaluation while the alert is active'),
      ),
    ),
  ),
});

/** Label of the folded line. */
const LABEL = 'sample';

/** Line ends, and characters that would move or reverse other text. */
const CONTROL: Redaction = {
  pattern: String.raw`[\s\x00-\x1f\x7f-\x9f\x{2028}-\x{202e}\x{2066}-\x{2069}]+`,
  replacement: ' ',
  probes: [],
};

/**
 * Returns an annotation with the most frequent lines of an alert, as in `120× order # not paid`. The ruler queries them
 * at each evaluation while the alert is active. The annotation is plain text, and empty if no line is found.
 *
 * In a flood, only a sixtieth of the range is read, and the first line says so: `In 5s:`.
 *
 * @throws Error with every unknown option and every invalid value
 * @example
 * const query = '{namespace="{{ $labels.namespace }}", app="{{ $labels.app }}"} |= "error"';
 * const rule: AlertRule = {
 *   alert: 'Errors',
 *   expr: 'sum by (namespace, app) (count_over_time({app=~".+"} |= "error" [5m])) > 10',
 *   annotations: { samples: samples({ query, range: '5m', redact: ['customer \\w+'] }) },
 * };
 */
export function samples(props: SamplesProps): string {
  assertOptions('samples', samplesProps, props);
  const { query, range = '5m', top = 3, fold = true, cut = 200, redact = true } = props;
  const lines = queryFormat(query) as QueryFormat;
  const part = formatDuration((durationMs(range) ?? 0) / FLOOD_PART);
  const recent = `[${part}] offset ${LATE}`;
  const stages = shapeOf({ label: LABEL, fold, cut, redactions: redact === false ? [] : ADDRESSES });
  const shapes = (over: string) => ({
    ...lines,
    // The percent verbs of the stages are those of Loki.
    format: `sort_desc(topk(${top}, sum by (${LABEL}) (count_over_time(${lines.format} ${stages.replaceAll('%', '%%')} ${over}))))`,
  });
  const flood = { ...lines, format: `sum(count_over_time(${lines.format} | __error__="" ${recent})) > ${FLOOD}` };
  return [
    `{{ $flood := ${call(flood)} }}{{ $lines := $flood }}`,
    `{{ if $flood }}{{ $lines = ${call(shapes(recent))} }}In ${part}:\n`,
    `{{ else }}{{ $lines = ${call(shapes(`[${range}]`))} }}{{ end }}`,
    `{{ range $lines }}{{ printf "%.0f" .Value }}× {{ .Labels.${LABEL}${hidden(redact)} }}\n{{ end }}`,
  ].join('');
}

function call({ format, labels }: QueryFormat): string {
  return `query (printf ${[goRawString(format), ...labels.map((label) => `$labels.${label}`)].join(' ')})`;
}

function hidden(redact: boolean | readonly string[]): string {
  const more = typeof redact === 'boolean' ? [] : redact;
  const redactions = [
    ...(redact === false ? [] : CREDENTIALS),
    ...more.map((pattern): Redaction => ({ pattern, replacement: '<redacted>', probes: [] })),
    CONTROL,
  ];
  return redactions
    .map(({ pattern, replacement }) => ` | reReplaceAll ${goRawString(pattern)} ${goString(replacement)}`)
    .join('');
}
