import type { RuleFile } from '../lib';
import { annotations, ITS_APP, type LogRuleProps } from './annotations';
import { ERROR_LEVEL } from './error-lines';
import { heldWhileLate } from './hold';
import { LOKI_APPS } from './own-apps';

/** Error lines of all apps, or of those that more matchers select. */
const errorLines = (matchers = '') => `{job=~".+"${matchers}} ${ERROR_LEVEL}`;

/**
 * Crash messages of common languages: a text that the line contains, and a regular expression for the line. Loki finds
 * texts eight times as fast, so that the regular expressions see hardly any line.
 */
const CRASHES: readonly (readonly [text: string, regexp: string])[] = [
  ['panic: ', '^panic: '], // Go
  ['fatal error: ', '^fatal error: '], // Go's runtime, and C's
  ['panicked at ', "^thread '.+' .*panicked at "], // Rust
  ['Exception in thread "', '^Exception in thread "'], // Java
  // Not in a URL, as in the link of a message about such a crash.
  ['java.lang.OutOfMemoryError', String.raw`(?:^|[\s"':(])java\.lang\.OutOfMemoryError`],
  ['Traceback (most recent call last):', String.raw`^Traceback \(most recent call last\):`], // Python
  ['Uncaught ', '^Uncaught '], // JavaScript
  ['Unhandled ', '^Unhandled '],
  ['egmentation fault', '[Ss]egmentation fault'],
];

const CRASH_TEXTS = CRASHES.map(([text]) => `\`${text}\``).join(' or ');
const CRASH_LINES = CRASHES.map(([, regexp]) => regexp).join('|');

/** Apps that quote others: Loki the expression of a rule that fails, and the demo's slack-inbox the lines in messages. */
const QUOTING_APPS = `${LOKI_APPS}|slack-inbox`;

/** Crash messages of all other apps. */
const crashLines = (matchers = '') =>
  `{job=~".+", app!~"${QUOTING_APPS}"${matchers}} |= ${CRASH_TEXTS} |~ \`${CRASH_LINES}\``;

/**
 * Returns alerts for apps that log many errors or crash.
 *
 * @example
 * const rules = [errors({ grafanaUrl: 'https://grafana.example.com' })];
 */
export function errors(props: LogRuleProps): RuleFile {
  return {
    name: 'errors.yaml',
    groups: [
      {
        name: 'errors',
        rules: [
          {
            alert: 'ErrorBurst',
            // Ten a minute, sustained: single errors are normal in a cluster.
            expr: heldWhileLate({ expr: (offset) => `${count(errorLines(), offset)} > 50`, offsets: ['2m', '4m'] }),
            for: '2m',
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: annotations(
              props,
              {
                title: 'Error burst: {{ $labels.namespace }}/{{ $labels.app }}',
                description: '{{ $labels.app }} logged {{ $value | printf "%.0f" }} error lines in five minutes.',
                impact: 'Requests to the app are probably failing.',
                action: 'Read the errors, then check the latest deployment of the app and of its dependencies.',
              },
              { query: errorLines(`, ${ITS_APP}`), within: '7m' },
            ),
          },
          {
            alert: 'AppCrash',
            // A crash counts for five minutes: when it no longer does, it still counted four minutes before.
            expr: heldWhileLate({ expr: (offset) => `${count(crashLines(), offset)} > 0`, offsets: ['4m'] }),
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: annotations(
              props,
              {
                title: 'Crash: {{ $labels.namespace }}/{{ $labels.app }}',
                description: 'Crashes logged by {{ $labels.app }} in five minutes: {{ $value | printf "%.0f" }}.',
                impact: 'The container probably restarts, and work in progress is lost.',
                action: 'Read the lines that follow the crash; kubectl logs --previous shows them too.',
              },
              { query: crashLines(`, ${ITS_APP}`), within: '5m' },
            ),
          },
        ],
      },
    ],
  };
}

function count(lines: string, offset: string): string {
  return `sum by (namespace, app) (count_over_time(${lines} [5m]${offset}))`;
}
