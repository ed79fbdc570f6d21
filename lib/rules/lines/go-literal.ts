/** Returns a text as a Go string in double quotes. */
export function goString(text: string): string {
  return JSON.stringify(text);
}

/** Returns a text as a Go string between backticks, which needs no escapes, or in double quotes if it has backticks. */
export function goRawString(text: string): string {
  // Go leaves carriage returns out of raw strings.
  return /[`\r]/.test(text) ? goString(text) : `\`${text}\``;
}
