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

/** Template actions: their `$x` are variables that Alertmanager does replace. */
const ACTION = /\{\{[\s\S]*?\}\}/g;

/** `$NAME` as a part of a URL or list of addresses, `__NAME__`, `%NAME%`, `@NAME@` or `$(NAME)`: whole parts only. */
const IN_PART =
  /(?<![^/,:@=?&\s])(?:\$[A-Z_][A-Z0-9_]+|__[A-Z][A-Z0-9_]*__|%[A-Z_][A-Z0-9_]+%|@[A-Z_]{2,}@|\$\([A-Z_][A-Z0-9_]*\))(?![^/,:@?&\s])/;

/**
 * Returns the first variable in a value as it is written, such as `${NAME}` or `__NAME__`; undefined if there is none.
 *
 * @param isText true for a text that people read, where only `${NAME}` can be meant as a variable
 */
export function unexpandedIn(value: string, isText = false): string | undefined {
  const plain = value.replace(ACTION, '');
  const [braced] = plain.match(VARIABLE) ?? [];
  return braced ?? BARE.exec(plain.trim())?.[0] ?? (isText ? undefined : IN_PART.exec(plain)?.[0]);
}
