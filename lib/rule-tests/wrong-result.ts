/** A query whose result has a different type than the test expects. */
export class WrongResult extends Error {}
