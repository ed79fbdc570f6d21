/** Most of a query that a message shows, in characters. */
const LONGEST = 40;

/**
 * A piece of a text for a message, cut where it is long.
 * @param longest characters that are shown at most @default 40
 */
export function excerpt(text: string, longest = LONGEST): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
