import { type LabelSet, labelSets, only, without } from './output-labels';
import type { BinaryOperation, Expr, VectorMatching } from './syntax';
import { walk } from './walk';

/** A binary operation whose sides do not match. */
export type MatchingProblem = {
  readonly operation: BinaryOperation;
} & (
  | {
      /** No series of one side has the labels of a series of the other. */
      readonly kind: 'no-match';
      /** Labels of the sides that are compared. */
      readonly left: readonly string[];
      readonly right: readonly string[];
      /** Label that both sides have, with different values. @default none, the labels differ */
      readonly value?: { readonly label: string; readonly left: string; readonly right: string };
    }
  | {
      /** Several series of one side match the same series of the other, which fails. */
      readonly kind: 'many';
      readonly side: 'left' | 'right';
      /** Labels that are compared. */
      readonly by: readonly string[];
      /** Other labels, in which the series may differ. @default none, they are unknown */
      readonly others: readonly string[];
      /** True if the other side may have several series too. */
      readonly both: boolean;
    }
);

/**
 * Operations between series that never have a result, or fail as soon as there are several series.
 *
 * @see https://grafana.com/docs/loki/v3.7.x/query/#many-to-one-and-one-to-many-vector-matches
 */
export function matchingProblems(expr: Expr): MatchingProblem[] {
  const sets = labelSets(expr);
  return [...walk(expr)].flatMap((operation) => {
    if (operation.kind !== 'binary' || operation.operator === 'or') return [];
    if (operation.left.kind === 'number' || operation.right.kind === 'number') return [];
    return problemOf(operation, (side) => sets.get(side) as LabelSet) ?? [];
  });
}

function problemOf(operation: BinaryOperation, of: (side: Expr) => LabelSet): MatchingProblem | undefined {
  const [left, right] = [of(operation.left), of(operation.right)];
  const [leftKey, rightKey] = [compared(left, operation.matching), compared(right, operation.matching)];
  const value = differingValue(leftKey, rightKey);
  if (value || lacks(leftKey, left.exact, rightKey) || lacks(rightKey, right.exact, leftKey)) {
    return { kind: 'no-match', operation, left: [...leftKey.labels], right: [...rightKey.labels], value };
  }
  if (operation.operator === 'and' || operation.operator === 'unless') return undefined;
  const group = operation.matching?.group;
  const many = {
    left: group !== 'left' && isMany(of(withoutReplacing(operation.left)), leftKey),
    right: group !== 'right' && isMany(of(withoutReplacing(operation.right)), rightKey),
  };
  if (!many.left && !many.right) return undefined;
  const side = many.left ? 'left' : 'right';
  const all = side === 'left' ? left : right;
  const by = [...(side === 'left' ? leftKey : rightKey).labels];
  const others = all.exact ? varying(all, by) : [];
  return { kind: 'many', operation, side, by, others, both: many.left && many.right };
}

/** The series before `label_replace`: it does not make them more. */
function withoutReplacing(side: Expr): Expr {
  let at = side;
  while (at.kind === 'label-replace') at = at.operand;
  return at;
}

/** Labels that the operation compares. */
function compared(set: LabelSet, matching: VectorMatching | undefined): LabelSet {
  if (!matching) return set;
  return matching.on ? only(set, matching.labels) : without(set, matching.labels);
}

function differingValue(left: LabelSet, right: LabelSet) {
  for (const [label, value] of left.certain) {
    const other = right.certain.get(label);
    if (value !== undefined && other !== undefined && value !== other) return { label, left: value, right: other };
  }
  return undefined;
}

/**
 * True if the second set lacks a label of the first: only series without that label could match.
 *
 * @param allKnown false if the first set is a part of one with unknown labels, so that those in `labels` may be missing
 */
function lacks(first: LabelSet, allKnown: boolean, second: LabelSet): boolean {
  const present = allKnown ? first.labels : first.certain.keys();
  return second.exact && [...present].some((label) => !second.labels.has(label));
}

/** True if several series may have the same compared labels. */
function isMany(all: LabelSet, key: LabelSet): boolean {
  return all.exact ? varying(all, [...key.labels]).length > 0 : key.exact;
}

/** Labels outside the key that may have several values. */
function varying({ labels, certain }: LabelSet, key: readonly string[]): string[] {
  return [...labels].filter((label) => !key.includes(label) && certain.get(label) === undefined);
}
