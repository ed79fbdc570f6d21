import { isAlert } from '../model';
import { COMMON_COLLECTOR_LABELS } from '../options';
import type { Check } from './check';
import { groupedBy, selectorsOf } from './queries';

/** Labels that Loki adds to what collectors send. */
const LOKI_LABELS = ['service_name', 'detected_level'];

/** Names of labels that differ from line to line. */
const UNIQUE = /^(ts|time|timestamp|msg|message|line|log|entry|(trace|span|request|req|correlation)_?id)$/i;

/** Labels that rules set, group by, or select by. */
export const labelChecks: readonly Check[] = [
  {
    id: 'severity-unknown',
    severity: 'error',
    *rule({ rule, options: { severities } }) {
      const severity = rule.labels?.severity;
      if (!severities || severity === undefined || severities.includes(severity) || severity.includes('{{')) return;
      yield {
        field: ['labels', 'severity'],
        message: `there is no severity '${severity}', so no route may know it; write ${severities.map((s) => `'${s}'`).join(', ')}`,
      };
    },
  },
  {
    id: 'selector-label-unknown',
    severity: 'warning',
    *rule({ query, options: { collectorLabels } }) {
      const known = new Set([...(collectorLabels ?? COMMON_COLLECTOR_LABELS), ...LOKI_LABELS]);
      for (const { matchers } of query ? selectorsOf(query) : []) {
        for (const { name, from } of matchers) {
          if (known.has(name)) continue;
          const labels = collectorLabels
            ? `its labels are ${collectorLabels.join(', ')}`
            : 'name the labels of your collector in the options';
          yield {
            field: ['expr'],
            offset: from,
            message: `the collector sets no label '${name}', so nothing is selected and the rule never sees a line; ${labels}`,
          };
        }
      }
    },
  },
  {
    id: 'unique-grouping',
    severity: 'warning',
    *rule({ rule, query }) {
      if (!isAlert(rule) || !rule.for || /^0[a-z]*$/.test(rule.for) || !query) return;
      for (const name of groupedBy(query)) {
        if (!UNIQUE.test(name)) continue;
        yield {
          field: ['expr'],
          message: `each value of '${name}' makes a series of its own, which is gone before 'for: ${rule.for}' has passed, so the alert never fires; group by what stays, or leave 'for' out`,
        };
      }
    },
  },
];
