import type { Links, RuleFile } from '../lib';
import { annotations } from './annotations';
import { heldWhileLate } from './hold';
import { LOKI_APPS } from './own-apps';

/**
 * Lines of this level, as Loki finds it in JSON, logfmt and plain text when the line arrives. A level is a field and not
 * a piece of the line, so the rules can't match a log that only quotes them.
 * @see https://grafana.com/docs/loki/v3.7.x/get-started/labels/structured-metadata/
 */
const ERROR_LINES = '{job=~".+"} | detected_level=~"error|critical|fatal"';

/**
 * How programs of the common languages begin their last words: a text that such a line holds, and the line. Loki looks for
 * texts eight times as fast as for regular expressions, so that these see next to no line.
 */
const CRASHES: readonly (readonly [text: string, line: string])[] = [
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
const CRASH_LINES = CRASHES.map(([, line]) => line).join('|');

/** Lines of crashes. Loki quotes the text of a rule in its own log when the rule fails: its lines are left out. */
const CRASH = `{job=~".+", app!~"${LOKI_APPS}"} |= ${CRASH_TEXTS} |~ \`${CRASH_LINES}\``;

/**
 * Returns rules on apps that suddenly log errors, or that crash.
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
            // Ten a minute, kept up: single errors are everyday life in a cluster.
            expr: heldWhileLate({ expr: (offset) => `${count(ERROR_LINES, offset)} > 50`, offsets: ['2m', '4m'] }),
            for: '2m',
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: annotations(links, {
              title: 'Many errors: {{ $labels.namespace }}/{{ $labels.app }}',
              description: '{{ $labels.app }} logged {{ $value | printf "%.0f" }} error lines in five minutes.',
              impact: 'Requests to it probably fail.',
              action: 'Read the errors; look at what was deployed last, and at what it depends on.',
            }),
          },
          {
            alert: 'AppCrash',
            // A crash is counted for five minutes, so that it was counted four minutes ago when it no longer is.
            expr: heldWhileLate({ expr: (offset) => `${count(CRASH, offset)} > 0`, offsets: ['4m'] }),
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: annotations(links, {
              title: 'Crash: {{ $labels.namespace }}/{{ $labels.app }}',
              description: '{{ $labels.app }} logged {{ $value | printf "%.0f" }} panics or crashes in five minutes.',
              impact: 'Its pod restarts; what it was working on is lost.',
              action: 'Read the lines after the crash; kubectl logs --previous has them too.',
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
