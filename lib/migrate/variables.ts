/** A variable of a shell, envsubst or docker-compose, with its default. */
const VARIABLE = /\$\{([A-Za-z_]\w*)(?::?([-=?+])([^{}]*))?\}/g;

/** A variable without braces, which must be the whole value: in a text it may be an amount of money. */
const BARE = /^\$([A-Z_][A-Z0-9_]*)$/;

/** Replaces variables that have a default; returns the text and the replaced variables. */
export function substituteDefaults(text: string): { readonly text: string; readonly taken: readonly string[] } {
  const taken = new Set<string>();
  const filled = text.replace(VARIABLE, (whole, _name, operator, value) => {
    if ((operator !== '-' && operator !== '=') || value === '') return whole;
    taken.add(whole);
    return value;
  });
  return { text: filled, taken: [...taken] };
}

/** Returns the names of the variables in a text. */
export function variablesIn(text: string): string[] {
  const bare = BARE.exec(text);
  return bare?.[1] !== undefined ? [bare[1]] : [...text.matchAll(VARIABLE)].map(([, name = '']) => name);
}

/** Replaces each variable by `<NAME>`, which cannot be mistaken for a value. */
export function namedVariables(text: string): string {
  return text.replace(BARE, '<$1>').replace(VARIABLE, '<$1>');
}
