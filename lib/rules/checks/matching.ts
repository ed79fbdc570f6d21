import { type MatchingProblem, matchingProblems } from '../../logql';
import type { RuleCheck } from './rule-check';

/** Checks on operations between series: which series of the two sides match. */
export const matchingChecks: readonly RuleCheck[] = [
  {
    id: 'vector-matching',
    *rule({ query }) {
      for (const found of query ? matchingProblems(query) : []) {
        if (found.kind !== 'no-match') continue;
        yield { field: ['expr'], offset: found.operation.left.from, ...noMatch(found) };
      }
    },
  },
  {
    id: 'vector-matching-many',
    *rule({ query }) {
      for (const found of query ? matchingProblems(query) : []) {
        if (found.kind !== 'many') continue;
        yield { field: ['expr'], offset: found.operation.left.from, ...many(found) };
      }
    },
  },
];

function noMatch({ operation, left, right, value }: MatchingProblem & { kind: 'no-match' }) {
  const { operator, matching } = operation;
  const isSet = operator === 'and' || operator === 'unless';
  const effect = operator === 'unless' ? 'nothing is ever excluded' : 'the result is always empty';
  if (value) {
    const { label } = value;
    return {
      problem: `label "${label}" is "${value.left}" on the left and "${value.right}" on the right of "${operator}", so ${effect}`,
      fix: `ignore it: ${operator} ignoring (${label}) …, or aggregate both sides without it`,
    };
  }
  const shared = left.filter((label) => right.includes(label));
  const on = `on (${shared.join(', ')})`;
  const group = left.length >= right.length ? 'group_left' : 'group_right';
  return {
    problem: `the series on the left of "${operator}" have the labels {${left.join(', ')}}, those on the right {${right.join(', ')}}, so ${effect}`,
    fix: `${matching ? 'match labels that both sides have' : 'match the labels that both sides have'}: ${operator} ${isSet ? on : `${on} ${group}`} …, or group both sides by the same labels`,
  };
}

function many({ operation, side, by, others, both }: MatchingProblem & { kind: 'many' }) {
  const { operator, matching } = operation;
  const differ = others.length > 0 ? `that differ in ${others.map((label) => `"${label}"`).join(', ')}` : '';
  const equal = by.length > 0 ? `with the same ${by.map((label) => `"${label}"`).join(', ')}` : '';
  const series = ['series', equal, differ].filter((part) => part).join(' ');
  const labels = matching?.labels.join(', ') ?? '';
  const match = `${operator} ${matching?.on ? 'on' : 'ignoring'} (${labels})`;
  return {
    problem: `several series on the ${side} of "${operator}" match the same series on the other side, so the rule fails as soon as there are two ${series}`,
    fix:
      both || matching?.group
        ? `aggregate the ${side} side, e.g. sum by (${by.join(', ')}) (…)`
        : `use ${match} group_${side} …, or aggregate the ${side} side, e.g. sum by (${by.join(', ')}) (…)`,
  };
}
