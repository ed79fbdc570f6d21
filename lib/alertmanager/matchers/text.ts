export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** A matcher as written, before its regular expression is compiled. */
export interface MatcherText {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}
