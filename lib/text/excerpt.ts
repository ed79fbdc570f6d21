/** Maximum number of characters that a message quotes. */
const MAX_LENGTH = 40;

/** Shortens a text for a message. */
export function excerpt(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
