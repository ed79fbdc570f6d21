import { templateFields } from '../../go-template';
import { type Expr, type Matcher, outputLabels, sources } from '../../logql';
import { parseDuration } from '../duration';
import { isAlert } from '../model';
import { COMMON_COLLECTOR_LABELS, LOKI_LABELS } from '../options';
import type { Check } from './check';
import { askedFor, groupedBy, groupings, makesLabels, rangesOf } from './queries';
import { NEW_DOT, templatesOf } from './templates';

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
    dependsOn: 'collectorLabels',
    *rules(scopes) {
      const seen = new Set<string>();
      for (const target of scopes) {
        const { query, options } = target;
        const { collectorLabels } = options;
        const known = new Set(collectorLabels ?? [...COMMON_COLLECTOR_LABELS, ...seen]);
        for (const { name, from } of query ? selectedLabels(query) : []) {
          if (known.has(name)) continue;
          known.add(name);
          seen.add(name);
          const message = collectorLabels
            ? `the collector sets no label '${name}', so nothing is selected and the rule never sees a line; its labels are ${collectorLabels.join(', ')}`
            : `'${name}' is not among the labels that collectors commonly set; if yours does not set it, nothing is selected: name its labels with the option for them`;
          yield { target, field: ['expr'], offset: from, message };
        }
      }
    },
  },
  {
    id: 'selector-job',
    severity: 'warning',
    dependsOn: 'namespacedJobs',
    *rule({ query, options: { namespacedJobs } }) {
      if (!namespacedJobs || !query) return;
      const matchers = [...sources(query)].flatMap(({ selector }) => selector.matchers);
      const told = new Set<string>();
      for (const { name, operator, value, from } of matchers) {
        if (name !== 'job' || operator !== '=' || value.value.includes('/') || told.has(value.value)) continue;
        told.add(value.value);
        yield {
          field: ['expr'],
          offset: from,
          message: `the label job is '<namespace>/<app>' here and never '${value.value}', so nothing is selected and the rule never sees a line; write {namespace="…", app="…"}`,
        };
      }
    },
  },
  {
    id: 'grouping-label-unknown',
    severity: 'warning',
    dependsOn: 'collectorLabels',
    *rule({ query, options: { collectorLabels } }) {
      for (const name of unknownInGroupings(query, collectorLabels).alone) {
        yield { field: ['expr'], message: groupsBy(name, 'everything is one group', collectorLabels) };
      }
    },
  },
  {
    id: 'grouping-label-empty',
    severity: 'warning',
    dependsOn: 'collectorLabels',
    *rule({ query, options: { collectorLabels } }) {
      for (const name of unknownInGroupings(query, collectorLabels).besideKnown) {
        yield { field: ['expr'], message: groupsBy(name, 'it is always empty', collectorLabels) };
      }
    },
  },
  {
    id: 'unique-grouping',
    severity: 'warning',
    *rule({ rule, query }) {
      const time = isAlert(rule) && rule.for !== undefined ? parseDuration(rule.for) : undefined;
      if (!isAlert(rule) || !time || !query) return;
      // A series stays for as long as its line is in the range.
      if (rangesOf(query).every(({ milliseconds }) => milliseconds > time)) return;
      for (const name of groupedBy(query)) {
        if (!UNIQUE.test(name)) continue;
        yield {
          field: ['expr'],
          message: `each value of '${name}' makes a series of its own, which is gone before 'for: ${rule.for}' has passed, so the alert never fires; group by what stays, or leave 'for' out`,
        };
      }
    },
  },
  {
    id: 'template-label',
    severity: 'warning',
    *rule({ rule, query }) {
      const left = query && outputLabels(query);
      if (!left?.exact) return;
      for (const { field, text } of templatesOf(rule)) {
        for (const name of new Set(labelsIn(text))) {
          if (left.labels.has(name)) continue;
          const why =
            name in (rule.labels ?? {})
              ? "templates don't see the labels of the rule itself"
              : 'the expression leaves no such label';
          yield {
            field,
            message: `'$labels.${name}' in ${field.join(' ')} is empty: ${why}; ${adviceOn(name, [...left.labels])}`,
          };
        }
      }
    },
  },
  {
    id: 'label-overwritten',
    severity: 'warning',
    *rule({ rule, query }) {
      const left = query && !isOneSeries(query) ? outputLabels(query) : undefined;
      if (!left?.exact) return;
      for (const [name, value] of Object.entries(rule.labels ?? {})) {
        if (!left.labels.has(name) || value.includes('{{')) continue;
        yield {
          field: ['labels', name],
          message: `the label overwrites the '${name}' that the expression leaves, and where two series differ in nothing else every evaluation fails; remove it, or do not group by '${name}'`,
        };
      }
    },
  },
];

function selectedLabels(query: Expr): readonly Matcher[] {
  return [...sources(query)].flatMap(({ selector }) => selector.matchers);
}

/** Whether there is one series at most, which a label of the rule can't make equal to another. */
function isOneSeries(expr: Expr): boolean {
  if (expr.kind === 'range') return expr.operation === 'absent_over_time';
  if (expr.kind !== 'binary') return false;
  const { left, right } = expr;
  return (left.kind === 'number' && isOneSeries(right)) || (right.kind === 'number' && isOneSeries(left));
}

/** Labels that no line has: those of groupings of nothing else, and those beside labels that part the lines. */
function unknownInGroupings(query: Expr | undefined, collectorLabels: readonly string[] | undefined) {
  const alone = new Set<string>();
  const besideKnown = new Set<string>();
  // Collectors that are not known may send structured metadata, which needs no parser.
  if (!collectorLabels || !query || makesLabels(query)) return { alone, besideKnown };
  // What is selected by is told by selector-label-unknown, and what is filtered by may be structured metadata.
  const known = new Set([...collectorLabels, ...LOKI_LABELS, ...askedFor(query)]);
  for (const labels of groupings(query)) {
    const unknown = labels.filter((name) => !known.has(name) && !name.startsWith('__'));
    for (const name of unknown) (unknown.length < labels.length ? besideKnown : alone).add(name);
  }
  return { alone, besideKnown };
}

function groupsBy(name: string, effect: string, collectorLabels: readonly string[] = []): string {
  return `groups by '${name}', which the collector does not set and no stage makes, so that ${effect}; its labels are ${collectorLabels.join(', ')}`;
}

/** The labels that a template reads: `$labels.app`, `.Labels.app`. */
function labelsIn(text: string): string[] {
  // Within `range query "…"` the dot is a sample of that query.
  const dot = !NEW_DOT.test(text);
  return templateFields(text).flatMap((chain) => {
    const [root, field, label] = chain;
    const name = root === '$labels' ? field : dot && root === '' && field === 'Labels' ? label : undefined;
    return name === undefined ? [] : [name];
  });
}

function adviceOn(name: string, left: readonly string[]): string {
  const names = left.length > 0 ? `use ${left.map((label) => `'$labels.${label}'`).join(', ')}` : 'there are none';
  return `${names}, or add '${name}' to the grouping: 'sum by (${[...left, name].join(', ')}) (…)'`;
}
