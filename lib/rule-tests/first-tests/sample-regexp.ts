import type { RE2JS } from 're2js';
import type { Choose } from './choice';

/** Instructions of RE2's programs: https://github.com/google/re2/blob/main/re2/prog.h */
const ALT = 1;
const ALT_MATCH = 2;
const CAPTURE = 3;
const FAIL = 5;
const MATCH = 6;
const RUNE = 8;
const RUNE_ANY_NOT_NL = 11;

interface Instruction {
  readonly op: number;
  readonly out: number;
  /** Second branch of an alternative, twice the number of a group, or flags of characters. */
  readonly arg: number;
  /** Ranges of characters; a single one if it is only one, in any case with the flag 1. */
  readonly runes: ArrayLike<number>;
}

interface Program {
  readonly inst: readonly Instruction[];
  readonly start: number;
}

/** Characters to choose from a class, as they appear in logs. */
const PREFERRED = [...'xa1 -/_.:="'].map((character) => character.codePointAt(0) as number);

/** Maximum number of instructions: repetitions such as `(…{1000}){1000}` are not tried. */
const MAX_STEPS = 10_000;

/**
 * Returns a short text that a regular expression finds, by a walk through its compiled program, so that all of RE2's
 * syntax is supported; undefined if the text that was found does not match, e.g. because of `^` in its middle.
 * @param groups texts of groups by number, which the groups must match @default samples
 */
export function sampleRegexp(
  regexp: RE2JS,
  choose: Choose,
  groups: ReadonlyMap<number, string> = new Map(),
): string | undefined {
  const program = regexp.re2().prog as Program;
  const text = walkProgram(program, choose, groups);
  return text !== undefined && regexp.matcher(text).find() ? text : undefined;
}

function walkProgram({ inst, start }: Program, choose: Choose, groups: ReadonlyMap<number, string>) {
  const distances = distancesToMatch(inst);
  const visited = new Set<number>();
  let text = '';
  let at = start;
  for (let step = 0; step < MAX_STEPS; step++) {
    const { op, out, arg, runes } = inst[at] as Instruction;
    if (op === MATCH) return text;
    if (op === FAIL) return undefined;
    if (op === ALT || op === ALT_MATCH) {
      const next = branch({ inst, distances }, at, visited.has(at) ? () => 0 : choose);
      visited.add(at);
      at = next;
    } else if (op === CAPTURE && arg % 2 === 0 && groups.has(arg / 2)) {
      text += groups.get(arg / 2);
      at = afterGroup(inst, out, arg + 1);
    } else {
      if (op >= RUNE && op <= RUNE_ANY_NOT_NL) text += character(op, arg, runes);
      at = out;
    }
  }
  return undefined;
}

/** Characters up to the end of the match, by instruction; without an entry, it is not reached. */
function distancesToMatch(inst: readonly Instruction[]): ReadonlyMap<number, number> {
  const distances = new Map<number, number>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const [at, { op, out, arg }] of inst.entries()) {
      if (op === FAIL) continue;
      const own = op >= RUNE && op <= RUNE_ANY_NOT_NL ? 1 : 0;
      const next = op === ALT || op === ALT_MATCH ? [out, arg] : [out];
      const rest = Math.min(...next.map((each) => distances.get(each) ?? Number.POSITIVE_INFINITY));
      const distance = op === MATCH ? 0 : own + rest;
      if (distance >= (distances.get(at) ?? Number.POSITIVE_INFINITY)) continue;
      distances.set(at, distance);
      changed = true;
    }
  }
  return distances;
}

/** Leaves loops, and chooses among alternatives; the second time, the first of them. */
function branch(
  { inst, distances }: { readonly inst: readonly Instruction[]; readonly distances: ReadonlyMap<number, number> },
  at: number,
  choose: Choose,
): number {
  const { out, arg } = inst[at] as Instruction;
  const possible = [out, arg].filter((next) => distances.has(next));
  const ends = possible.filter((next) => !reaches(inst, next, at));
  if (ends.length === 1 && possible.length === 2) return ends[0] as number;
  // In a loop around it, the shorter way out comes first.
  const ordered =
    ends.length > 0 ? possible : possible.sort((a, b) => (distances.get(a) ?? 0) - (distances.get(b) ?? 0));
  return ordered[choose(ordered.length)] ?? out;
}

function reaches(inst: readonly Instruction[], from: number, to: number): boolean {
  return reachable(inst, from).includes(to);
}

function reachable(inst: readonly Instruction[], from: number): number[] {
  const seen = new Set([from]);
  for (const at of seen) {
    const { op, out, arg } = inst[at] as Instruction;
    if (op === MATCH || op === FAIL) continue;
    seen.add(out);
    if (op === ALT || op === ALT_MATCH) seen.add(arg);
  }
  return [...seen];
}

function afterGroup(inst: readonly Instruction[], from: number, end: number): number {
  const closing = reachable(inst, from).find((at) => inst[at]?.op === CAPTURE && inst[at]?.arg === end);
  return closing === undefined ? from : (inst[closing] as Instruction).out;
}

function character(op: number, flags: number, runes: ArrayLike<number>): string {
  if (op > RUNE + 1) return 'x';
  const first = runes[0] ?? 0;
  if (runes.length === 1) {
    const exact = String.fromCodePoint(first);
    return op === RUNE && flags % 2 === 1 ? exact.toLowerCase() : exact;
  }
  const isIn = (rune: number) => {
    for (let i = 0; i < runes.length; i += 2) if (rune >= (runes[i] ?? 0) && rune <= (runes[i + 1] ?? 0)) return true;
    return false;
  };
  return String.fromCodePoint(PREFERRED.find(isIn) ?? first);
}
