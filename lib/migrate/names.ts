/** Returns the name, or the first free one with a number, and adds it to `taken`: `rules.yaml`, `rules-2.yaml`. */
export function freeName(stem: string, ending: string, taken: Set<string>): string {
  let name = `${stem}${ending}`;
  for (let number = 2; taken.has(name); number++) name = `${stem}-${number}${ending}`;
  taken.add(name);
  return name;
}

/** Returns a name that is a valid key of a ConfigMap and matches `rules/*.yaml`: neither a hidden file nor a test. */
export function plainName(name: string): string {
  return name
    .replace(/[^\w.-]+/g, '-')
    .replace(/^\.+/, '')
    .replace(/\.test(?=\.ya?ml$)/, '-test');
}
