/** A variable that a shell, envsubst or docker-compose replaces, with its default. */
const VARIABLE = /\$\{([A-Za-z_]\w*)(?::?([-=?+])([^{}]*))?\}/g;

/** The same without braces, which must be all of a value: in a text it may well be a price. */
const BARE = /^\$([A-Z_][A-Z0-9_]*)$/;

/** The text with the defaults of variables that have one, and what was taken. */
export function substituteDefaults(text: string): { readonly text: string; readonly taken: readonly string[] } {
  const taken = new Set<string>();
  const filled = text.replace(VARIABLE, (whole, _name, operator, value) => {
    if ((operator !== '-' && operator !== '=') || value === '') return whole;
    taken.add(whole);
    return value;
  });
  return { text: filled, taken: [...taken] };
}

/** Names of the variables in a text that have no value. */
export function variablesIn(text: string): string[] {
  const bare = BARE.exec(text);
  return bare?.[1] !== undefined ? [bare[1]] : [...text.matchAll(VARIABLE)].map(([, name = '']) => name);
}

/** The text with `<NAME>` in place of each variable, which nobody takes for a value. */
export function namedVariables(text: string): string {
  return text.replace(BARE, '<$1>').replace(VARIABLE, '<$1>');
}
