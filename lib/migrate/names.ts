/** The name, or the first numbered one that is free: `rules.yaml`, `rules-2.yaml`. It counts as taken from then on. */
export function freeName(stem: string, ending: string, taken: Set<string>): string {
  let name = `${stem}${ending}`;
  for (let number = 2; taken.has(name); number++) name = `${stem}-${number}${ending}`;
  taken.add(name);
  return name;
}

/** A file's name without what keys of ConfigMaps, which files become, may not have. */
export function plainName(name: string): string {
  return name.replace(/[^\w.-]+/g, '-');
}
