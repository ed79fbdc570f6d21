import * as v from 'valibot';
import { goRawString, goString } from '../../text/go-string';
import { assertOptions, duration, optionsOf, wrong } from '../../validate/validate';
import type { Duration } from '../model';
import { logQuery } from './query-format';

/** Label with the shape of a line. */
const SHAPE_LABEL = 'shape';

/** Maximum length of a shape in characters: about a line of a message. */
const SHAPE_CUT = 120;

/** Characters that are read of a line: folding makes it shorter. */
const READ = 2 * SHAPE_CUT;

/**
 * Parts of a line that do not belong to its shape, and characters that messages must not have.
 *
 * - A word with a digit or `@`, up to its end: a number, id, time, version, IP or e-mail address.
 * - An id in hexadecimal without a digit, as one of 2,500 ids with eight characters. Few words have seven such letters.
 * - Colors of a terminal, control characters, those that reverse text, and those that have a meaning in Slack.
 */
const FOLDED = [
  String.raw`\x1b\[[0-9;]*m`,
  '[A-Za-z_.]*[0-9@][0-9A-Za-z_.@-]*',
  '[a-fA-F]{7,}[0-9a-fA-F-]*',
  String.raw`[<>\x60[:cntrl:]\x{202a}-\x{202e}\x{2066}-\x{2069}]+`,
].join('|');

/** Names of credentials, and their values. Folding too much does no harm here. */
const CREDENTIAL_PROBES = ['pass', 'pwd', 'secret', 'token', 'key', 'auth', 'cookie'];
const CREDENTIAL = String.raw`((?i:${CREDENTIAL_PROBES.join('|')})\w*\\*["']?\s*[=:]\s*)(?:\\*"[^"]*|'[^']*|(?i:bearer |basic )?[^\s"',;&]+)`;

/**
 * Stages that put the shape of a line in a label. They are coarser than those of `samples` and take a quarter of the
 * CPU, since a day of lines passes them: Loki compiles each regular expression for each line. They are short, since
 * messages contain the expression in a link, without characters that are long in a URL.
 */
const FOLD = `| label_format ${SHAPE_LABEL}=${goString(
  [
    `{{ $line := printf ${goRawString(`%.${READ}s`)} __line__ }}{{ $probe := lower $line }}`,
    `{{ if or ${CREDENTIAL_PROBES.map((probe) => `(contains ${goRawString(probe)} $probe)`).join(' ')} }}`,
    `{{ $line = regexReplaceAll ${goRawString(CREDENTIAL)} $line ${goRawString('$1#')} }}{{ end }}`,
    `{{ regexReplaceAll ${goRawString(FOLDED)} $line ${goRawString('#')} | printf ${goRawString(`%.${SHAPE_CUT}s`)} }}`,
  ].join(''),
)}`;

/**
 * New shapes of one source that are reported at the same time. A broken release may log hundreds; the most frequent ones
 * show the cause, and fit in one message.
 */
const MAX_NEW = 5;

/**
 * Shapes of one source within `recent` above which its lines are not comparable: they contain names or texts that
 * differ each time, and each would be reported as new.
 */
const MAX_SHAPES = 100;

/** Props of `firstSeen`. */
export interface FirstSeenProps {
  /** Time in which a line of the same shape makes it a known one. Each evaluation reads the logs of this time. */
  readonly within: Duration;
  /**
   * Time for which a new shape is reported: the evaluation interval of the rule, plus the time by which lines may be
   * late, after an outage of Loki for instance. Lines that arrive even later are not reported.
   * @default '30m'
   */
  readonly recent?: Duration;
  /** Labels that identify a source: the alert has them and `shape`. @default ['namespace', 'app'] */
  readonly by?: readonly string[];
}

const schema = optionsOf<FirstSeenProps & { readonly query: string }>()({
  within: duration,
  recent: v.optional(duration),
  by: v.optional(
    v.array(
      v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, wrong('is not a valid label name', 'use letters, digits and _'))),
    ),
  ),
  query: logQuery(),
});

/**
 * Returns an expression that is true for each kind of line that a source logs and has not logged for a while, such as
 * an error after a release. Lines that differ only in numbers and ids are of the same kind: they have the same `shape`,
 * a label of the alert. The alert fires once for each shape, and resolves after `recent`, whether or not the line is
 * logged again. Its state is in the logs, so a restart of Loki loses nothing.
 *
 * At most five new shapes of a source are reported at the same time, and none of a source whose lines had more than a
 * hundred shapes in the time before.
 *
 * @throws Error with every unknown option and every invalid value, also if `query` is not a valid log query
 * @example
 * const newPaymentError = {
 *   alert: 'NewPaymentError',
 *   expr: firstSeen('{namespace="shop", app="payments"} |= "level=error"', { within: '1d' }),
 *   labels: { severity: 'warning' },
 *   annotations: { title: 'New error in payments: {{ $labels.shape }}' },
 * };
 */
export function firstSeen(query: string, props: FirstSeenProps): string {
  assertOptions('firstSeen', schema, { ...props, query });
  const { within, recent = '30m', by = ['namespace', 'app'] } = props;
  const source = by.join(', ');
  const shapes = (range: Duration, offset = '') =>
    `sum by (${[...by, SHAPE_LABEL].join(', ')}) (count_over_time(${query} ${FOLD} [${range}]${offset}))`;
  const before = ` offset ${recent}`;
  return [
    `topk by (${source}) (${MAX_NEW},`,
    `  ${shapes(recent)}`,
    `  unless ${shapes(within, before)}`,
    `  unless on (${source}) (count by (${source}) (${shapes(recent, before)}) > ${MAX_SHAPES})`,
    ')',
  ].join('\n');
}
