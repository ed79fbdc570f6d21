/** The name, or the first numbered one that is free: `rules.yaml`, `rules-2.yaml`. It counts as taken from then on. */
export function freeName(stem: string, ending: string, taken: Set<string>): string {
  let name = `${stem}${ending}`;
  for (let number = 2; taken.has(name); number++) name = `${stem}-${number}${ending}`;
  taken.add(name);
  return name;
}

/** A file's name that a ConfigMap may have as a key, and that `rules/*.yaml` matches: no hidden file and no test. */
export function plainName(name: string): string {
  return name
    .replace(/[^\w.-]+/g, '-')
    .replace(/^\.+/, '')
    .replace(/\.test(?=\.ya?ml$)/, '-test');
}
