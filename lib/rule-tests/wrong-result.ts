/** A query whose result is not what a test asks for. */
export class WrongResult extends Error {}
