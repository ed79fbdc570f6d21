/** Exit code of a command that did its work and found nothing wrong. */
export const CLEAN = 0;
/** Exit code of a command that found something wrong. */
export const FOUND = 1;
/** Exit code of a command that could not do its work. */
export const COULD_NOT_RUN = 2;

/** Something that the user can put right: shown without a stack trace, exit code 2. */
export class UsageError extends Error {}
