/** Exit code of a command that succeeded and found no problem. */
export const CLEAN = 0;
/** Exit code of a command that found problems. */
export const FOUND = 1;
/** Exit code of a command that could not run, for instance because a file does not exist. */
export const COULD_NOT_RUN = 2;

/** An error that the user can fix: shown without a stack trace, exit code 2. */
export class UsageError extends Error {}
