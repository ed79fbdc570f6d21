import { templateFields } from '../../go-template';
import { type Expr, type LabelMatcher, outputLabels, sources } from '../../logql';
import { durationMs } from '../../text/duration';
import { COMMON_COLLECTOR_LABELS, LOKI_LABELS } from '../check-options';
import { isAlert } from '../model';
import { askedFor, groupedBy, groupings, makesLabels, rangesOf } from './queries';
import type { RuleCheck } from './rule-check';
import { NEW_DOT, templatesOf } from './templates';

/** Names of labels that differ from line to line. */
const UNIQUE = /^(ts|time|timestamp|msg|message|line|log|entry|(trace|span|request|req|correlation)_?id)$/i;

/** Labels that rules set, group by, or select by. */
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
          problem: `the label "job" is "<namespace>/<app>" and never "${value.value}", so the selector matches nothing`,
          fix: 'use {namespace="…", app="…"}',
        };
      }
    },
  },
  {
    id: 'grouping-label-unknown',
    *rule({ query, options: { collectorLabels } }) {
      for (const name of unknownInGroupings(query, collectorLabels).alone) {
        yield { field: ['expr'], ...groupsBy(name, 'everything is one group', collectorLabels) };
      }
    },
  },
  {
    id: 'grouping-label-empty',
    *rule({ query, options: { collectorLabels } }) {
      for (const name of unknownInGroupings(query, collectorLabels).besideKnown) {
        yield { field: ['expr'], ...groupsBy(name, 'it is always empty', collectorLabels) };
      }
    },
  },
  {
    id: 'unique-grouping',
    *rule({ rule, query }) {
      const time = isAlert(rule) && rule.for !== undefined ? durationMs(rule.for) : undefined;
      if (!isAlert(rule) || !time || !query) return;
      // A series stays for as long as its line is in the range.
      if (rangesOf(query).every(({ milliseconds }) => milliseconds > time)) return;
      for (const name of groupedBy(query)) {
        if (!UNIQUE.test(name)) continue;
        yield {
          field: ['expr'],
          problem: `each value of "${name}" is a series of its own, which ends before "for: ${rule.for}" has passed, so the alert never fires`,
          fix: 'group by labels that stay the same, or remove "for"',
        };
      }
    },
  },
  {
    id: 'template-label',
    *rule({ rule, query }) {
      const left = query && outputLabels(query);
      if (!left?.exact) return;
      for (const { field, text } of templatesOf(rule)) {
        for (const name of new Set(labelsIn(text))) {
          if (left.labels.has(name)) continue;
          const why =
            name in (rule.labels ?? {})
              ? "templates do not see the rule's own labels"
              : 'the expression returns no such label';
          yield {
            field,
            problem: `"$labels.${name}" is empty: ${why}`,
            fix: adviceOn(name, [...left.labels]),
          };
        }
      }
    },
  },
  {
    id: 'label-overwritten',
    *rule({ rule, query }) {
      const left = query && !isOneSeries(query) ? outputLabels(query) : undefined;
      if (!left?.exact) return;
      for (const [name, value] of Object.entries(rule.labels ?? {})) {
        if (!left.labels.has(name) || value.includes('{{')) continue;
        yield {
          field: ['labels', name],
          problem: `overwrites the label "${name}" of the expression, so the evaluation fails if two series differ only in it`,
          fix: `remove it, or do not group by "${name}"`,
        };
      }
    },
  },
];

function selectedLabels(query: Expr): readonly LabelMatcher[] {
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

function groupsBy(name: string, effect: string, collectorLabels: readonly string[] = []) {
  return {
    problem: `groups by "${name}", which neither the collector nor a stage sets, so ${effect}`,
    fix: `use one of ${collectorLabels.join(', ')}`,
  };
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
  const grouping = `group by it: sum by (${[...left, name].join(', ')}) (…)`;
  return left.length > 0 ? `use ${left.map((label) => `$labels.${label}`).join(', ')}, or ${grouping}` : grouping;
}
