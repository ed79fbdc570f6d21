import type { RuleFile } from '../lib';
import { annotations, type Links } from './annotations';
import { LOKI_APPS } from './own-apps';

/**
 * Lines of this level, as Loki finds it in JSON, logfmt and plain text when the line arrives. A level is a field and not
 * a piece of the line, so the rules can't match a log that only quotes them.
 * @see https://grafana.com/docs/loki/v3.7.x/get-started/labels/structured-metadata/
 */
const ERROR_LINES = '{job=~".+"} | detected_level=~"error|critical|fatal"';

/** How programs of the common languages begin their last words. */
const CRASH = [
  '^panic: ', // Go
  '^fatal error: ', // Go's runtime, and C's
  "^thread '.+' .*panicked at ", // Rust
  '^Exception in thread "', // Java
  String.raw`java\.lang\.OutOfMemoryError`,
  String.raw`^Traceback \(most recent call last\):`, // Python
  '^(Uncaught|Unhandled) ', // JavaScript
  '[Ss]egmentation fault',
].join('|');

/** Apps that suddenly log errors, or that crash. */
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
            expr: `sum by (namespace, app) (count_over_time(${ERROR_LINES} [5m])) > 50`,
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
            // Loki quotes the text of a rule in its own log when the rule fails: its lines are left out.
            expr: `sum by (namespace, app) (count_over_time({job=~".+", app!~"${LOKI_APPS}"} |~ \`${CRASH}\` [5m])) > 0`,
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
