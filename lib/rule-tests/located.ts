import type { Path } from '../checks/findings';
import type { Plan } from './plan';
import type { ExpectationResult } from './result';

/** Where a part of a test stands: its path in the file, and its place if there is a file. */
export function located(plan: Plan, path: Path): Pick<ExpectationResult, 'path' | 'place'> {
  const whole = ['tests', plan.index, ...path];
  return { path: whole, place: plan.file.locate(whole) };
}
