/** Why one way to get an engine does not lead there. */
export class NotFound {
  constructor(readonly reason: string) {}
}
