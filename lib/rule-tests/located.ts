import type { Path } from '../checks/findings';
import type { Plan } from './plan';
import type { ExpectationResult } from './result';

/** Returns the path of a part of a test, and its place if the test was read from a file. */
export function located(plan: Plan, path: Path): Pick<ExpectationResult, 'path' | 'place'> {
  const whole = ['tests', plan.index, ...path];
  return { path: whole, place: plan.file.locate(whole) };
}
