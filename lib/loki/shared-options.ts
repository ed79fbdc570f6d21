import * as v from 'valibot';
import { duration, quantity } from '../options';

/** An option that is refused whatever it holds, without showing that: it may be a credential. */
export function refused(message: string) {
  return v.optional(
    v.pipe(
      v.unknown(),
      v.rawCheck(({ addIssue }) => addIssue({ message })),
    ),
  );
}

/** Options of Loki in any profile. */
export const sharedOptions = {
  retention: v.optional(duration),
  evaluationInterval: v.optional(duration),
  storage: v.optional(quantity),
};
