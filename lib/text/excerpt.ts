/** Maximum number of characters that a message quotes. */
const MAX_LENGTH = 40;

/**
 * Shortens a text for a message.
 * @param maxLength maximum number of characters @default 40
 */
export function excerpt(text: string, maxLength = MAX_LENGTH): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
