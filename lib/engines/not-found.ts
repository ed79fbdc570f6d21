/** Reason why a source has no such engine. */
export class NotFound {
  constructor(readonly reason: string) {}
}
