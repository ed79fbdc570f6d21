import * as v from 'valibot';

/** An option that is refused whatever it holds, without showing that: it may be a credential. */
export function refused(message: string) {
  return v.optional(
    v.pipe(
      v.unknown(),
      v.rawCheck(({ addIssue }) => addIssue({ message })),
    ),
  );
}
