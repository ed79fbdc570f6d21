import type { Links, RuleFile } from '../lib';
import { annotations } from './annotations';
import { heldWhileLate } from './hold';
import { LOKI_APPS } from './own-apps';

/**
 * Lines of level error or worse. Loki detects the level in JSON, logfmt and plain text when the line arrives. It is a
 * field rather than a part of the line, so that the rules do not match a log that quotes them.
 * @see https://grafana.com/docs/loki/v3.7.x/get-started/labels/structured-metadata/
 */
const IS_ERROR = '| detected_level=~"error|critical|fatal"';
const ERROR_LINES = `{job=~".+"} ${IS_ERROR}`;

/**
 * Crash messages of common languages: a text that the line contains, and a regular expression for the line. Loki finds
 * texts eight times as fast, so that the regular expressions see hardly any line.
 */
const CRASHES: readonly (readonly [text: string, regexp: string])[] = [
  ['panic: ', '^panic: '], // Go
  ['fatal error: ', '^fatal error: '], // Go's runtime, and C's
  ['panicked at ', "^thread '.+' .*panicked at "], // Rust
  ['Exception in thread "', '^Exception in thread "'], // Java
  ['java.lang.OutOfMemoryError', String.raw`java\.lang\.OutOfMemoryError`],
  ['Traceback (most recent call last):', String.raw`^Traceback \(most recent call last\):`], // Python
  ['Uncaught ', '^Uncaught '], // JavaScript
  ['Unhandled ', '^Unhandled '],
  ['egmentation fault', '[Ss]egmentation fault'],
];

const CRASH_TEXTS = CRASHES.map(([text]) => `\`${text}\``).join(' or ');
const CRASH_LINES = CRASHES.map(([, regexp]) => regexp).join('|');

const IS_CRASH = `|= ${CRASH_TEXTS} |~ \`${CRASH_LINES}\``;

/** Crash messages of all apps but Loki, which quotes the expression of a rule in its log when the rule fails. */
const CRASH = `{job=~".+", app!~"${LOKI_APPS}"} ${IS_CRASH}`;

/**
 * Returns alerts for apps that log many errors or crash.
 *
 * @example
 * const rules = [errors({ grafanaUrl: 'https://grafana.example.com' })];
 */
export function errors(links: Links): RuleFile {
  return {
    name: 'errors.yaml',
    groups: [
      {
        name: 'errors',
        rules: [
          {
            alert: 'ErrorBurst',
            // Ten a minute, sustained: single errors are normal in a cluster.
            expr: heldWhileLate({ expr: (offset) => `${count(ERROR_LINES, offset)} > 50`, offsets: ['2m', '4m'] }),
            for: '2m',
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: annotations(links, {
              title: 'Error burst: {{ $labels.namespace }}/{{ $labels.app }}',
              description: '{{ $labels.app }} logged {{ $value | printf "%.0f" }} error lines in five minutes.',
              impact: 'Requests to the app are probably failing.',
              action: 'Read the errors, then check the latest deployment of the app and of its dependencies.',
              pipeline: IS_ERROR,
              within: '7m',
            }),
          },
          {
            alert: 'AppCrash',
            // A crash counts for five minutes: when it no longer does, it still counted four minutes before.
            expr: heldWhileLate({ expr: (offset) => `${count(CRASH, offset)} > 0`, offsets: ['4m'] }),
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: annotations(links, {
              title: 'Crash: {{ $labels.namespace }}/{{ $labels.app }}',
              description: 'Crashes logged by {{ $labels.app }} in five minutes: {{ $value | printf "%.0f" }}.',
              impact: 'The container probably restarts, and work in progress is lost.',
              action: 'Read the lines that follow the crash; kubectl logs --previous shows them too.',
              pipeline: IS_CRASH,
              within: '5m',
            }),
          },
        ],
      },
    ],
  };
}

function count(lines: string, offset: string): string {
  return `sum by (namespace, app) (count_over_time(${lines} [5m]${offset}))`;
}
