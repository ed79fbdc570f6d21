import { machine } from './machine';

/**
 * Defines a test of pods, which is skipped on a machine that can't run containers, such as one without Linux. In CI it
 * fails instead, and also if a constraint is not enforced.
 */
export function podTest(name: string, run: () => Promise<void>): void {
  test(name, async () => {
    if (await machine()) await run();
  });
}
