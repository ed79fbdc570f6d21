const LONGEST = 40;

/** A piece of a query for a message, cut where it is long. */
export function excerpt(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
