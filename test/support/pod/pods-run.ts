import { machine } from './machine';

/**
 * Defines a test of pods, which is skipped on a machine that runs no containers: a developer's without Linux. In CI it
 * fails there instead, and also where any constraint is not enforced.
 */
export function podTest(name: string, run: () => Promise<void>): void {
  test(name, async () => {
    if (await machine()) await run();
  });
}
