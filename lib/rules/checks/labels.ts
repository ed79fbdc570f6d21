import { type Expr, type LabelMatcher, outputLabels, sources } from '../../logql';
import { durationMs } from '../../text/duration';
import { COMMON_COLLECTOR_LABELS, LOKI_LABELS } from '../check-options';
import { isAlert, type Rule } from '../model';
import { executedTemplates } from './executed-templates';
import { addsLabels, filteredBy, groupedBy, groupings, rangesOf } from './queries';
import type { RuleCheck } from './rule-check';

/** Names of labels that differ from line to line. */
const UNIQUE = /^(ts|time|timestamp|msg|message|line|log|entry|(trace|span|request|req|correlation)_?id)$/i;

/** Checks on the labels that rules set, group by or select by. */
export const labelChecks: readonly RuleCheck[] = [
  {
    id: 'severity-unknown',
    *rule({ rule, options: { severities } }) {
      const severity = rule.labels?.severity;
      if (!severities || severity === undefined || severities.includes(severity) || severity.includes('{{')) return;
      yield {
        field: ['labels', 'severity'],
        problem: `unknown severity "${severity}"`,
        fix: `use one of ${severities.join(', ')}`,
      };
    },
  },
  {
    id: 'selector-label-unknown',
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
          yield { target, field: ['expr'], offset: from, ...unknownLabel(name, collectorLabels) };
        }
      }
    },
  },
  {
    id: 'selector-job',
    *rule({ query, options: { namespacedJobs } }) {
      if (!namespacedJobs || !query) return;
      const matchers = [...sources(query)].flatMap(({ selector }) => selector.matchers);
      const reported = new Set<string>();
      for (const { name, operator, value, from } of matchers) {
        if (name !== 'job' || operator !== '=' || value.value.includes('/') || reported.has(value.value)) continue;
        reported.add(value.value);
        yield {
          field: ['expr'],
          offset: from,
          problem: `label "job" is always "<namespace>/<app>", never "${value.value}", so the selector matches nothing`,
          fix: 'use {namespace="…", app="…"}',
        };
      }
    },
  },
  {
    id: 'grouping-label-unknown',
    *rule({ query, options: { collectorLabels } }) {
      for (const name of unknownInGroupings(query, collectorLabels).alone) {
        yield { field: ['expr'], ...unknownGrouping(name, 'all lines are in one group', collectorLabels) };
      }
    },
  },
  {
    id: 'grouping-label-empty',
    *rule({ query, options: { collectorLabels } }) {
      for (const name of unknownInGroupings(query, collectorLabels).besideKnown) {
        yield { field: ['expr'], ...unknownGrouping(name, 'it is always empty', collectorLabels) };
      }
    },
  },
  {
    id: 'unique-grouping',
    *rule({ rule, query }) {
      const time = isAlert(rule) && rule.for !== undefined ? durationMs(rule.for) : undefined;
      if (!isAlert(rule) || !time || !query) return;
      // A series exists as long as its line is in the range.
      if (rangesOf(query).every(({ milliseconds }) => milliseconds > time)) return;
      for (const name of groupedBy(query)) {
        if (!UNIQUE.test(name)) continue;
        yield {
          field: ['expr'],
          problem: `each value of "${name}" is a separate series, which ends before "for: ${rule.for}" has passed, so the alert never fires`,
          fix: 'group by labels that do not differ from line to line, or remove "for"',
        };
      }
    },
  },
  {
    id: 'template-label',
    *rule(scope) {
      for (const { field, problems } of executedTemplates(scope)) {
        const reported = new Set<string>();
        for (const { field: missing, from } of problems) {
          if (missing?.of !== 'labels' && missing?.of !== 'sample') continue;
          const { name, of, keys } = missing;
          if (reported.has(`${of} ${name}`)) continue;
          reported.add(`${of} ${name}`);
          yield { field, offset: from, ...missingLabel(scope.rule, name, of, [...keys]) };
        }
      }
    },
  },
  {
    id: 'label-overwritten',
    *rule({ rule, query }) {
      const output = query && !isOneSeries(query) ? outputLabels(query) : undefined;
      if (!output?.exact) return;
      for (const [name, value] of Object.entries(rule.labels ?? {})) {
        if (!output.labels.has(name) || value.includes('{{')) continue;
        yield {
          field: ['labels', name],
          problem: `overwrites the label "${name}" of the expression, so the evaluation fails if two series differ only in this label`,
          fix: `remove it, or do not group by "${name}"`,
        };
      }
    },
  },
];

function selectedLabels(query: Expr): readonly LabelMatcher[] {
  return [...sources(query)].flatMap(({ selector }) => selector.matchers);
}

/** True if the expression returns at most one series, so that no label of the rule can make two equal. */
function isOneSeries(expr: Expr): boolean {
  if (expr.kind === 'range') return expr.operation === 'absent_over_time';
  if (expr.kind !== 'binary') return false;
  const { left, right } = expr;
  return (left.kind === 'number' && isOneSeries(right)) || (right.kind === 'number' && isOneSeries(left));
}

/** Unknown labels in groupings: `alone` if the grouping has no other labels, `besideKnown` if it has known ones too. */
function unknownInGroupings(query: Expr | undefined, collectorLabels: readonly string[] | undefined) {
  const alone = new Set<string>();
  const besideKnown = new Set<string>();
  // An unknown collector may send structured metadata, which needs no parser.
  if (!collectorLabels || !query || addsLabels(query)) return { alone, besideKnown };
  // selector-label-unknown reports labels in selectors; labels in filters may be structured metadata.
  const known = new Set([...collectorLabels, ...LOKI_LABELS, ...filteredBy(query)]);
  for (const labels of groupings(query)) {
    const unknown = labels.filter((name) => !known.has(name) && !name.startsWith('__'));
    for (const name of unknown) (unknown.length < labels.length ? besideKnown : alone).add(name);
  }
  return { alone, besideKnown };
}

function unknownLabel(name: string, collectorLabels: readonly string[] | undefined) {
  return collectorLabels
    ? {
        problem: `unknown stream label "${name}", so the selector matches nothing`,
        fix: `use one of ${collectorLabels.join(', ')}`,
      }
    : {
        problem: `"${name}" is not among the labels that collectors commonly set, so the selector may match nothing`,
        fix: 'correct the name, or list the labels of your collector (--collector-labels, collectorLabels)',
      };
}

function unknownGrouping(name: string, effect: string, collectorLabels: readonly string[] = []) {
  return {
    problem: `groups by "${name}", which neither the collector nor a stage sets, so ${effect}`,
    fix: `use one of ${collectorLabels.join(', ')}`,
  };
}

function missingLabel(rule: Rule, name: string, of: 'labels' | 'sample', labels: readonly string[]) {
  const grouping = `group by it: sum by (${[...labels, name].join(', ')}) (…)`;
  const variable = of === 'labels' ? '$labels' : '.Labels';
  const fix =
    labels.length > 0 ? `use ${labels.map((label) => `${variable}.${label}`).join(', ')}, or ${grouping}` : grouping;
  const reason =
    of === 'sample'
      ? 'the query in the template does not return this label'
      : name in (rule.labels ?? {})
        ? "templates cannot use the rule's own labels"
        : 'the expression does not return this label';
  return { problem: `"${variable}.${name}" is empty: ${reason}`, fix };
}
