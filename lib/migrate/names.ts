import { withoutCredentials } from '../credentials';

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

/**
 * Returns the names of the fields in a value, with nested ones in parentheses: `ingress (enabled, hosts (host))`.
 * Values are left out, since they may be credentials. Fields without a value are left out too.
 */
export function nestedNames(value: unknown): string[] {
  const fields = new Map<string, unknown[]>();
  for (const map of mapsIn(value)) {
    for (const [name, item] of Object.entries(map)) {
      if (item === undefined) continue;
      const items = fields.get(name);
      if (items) items.push(item);
      else fields.set(name, [item]);
    }
  }
  return [...fields].map(([name, items]) => {
    const inner = nestedNames(items);
    // Some maps have URLs as their keys.
    const shown = withoutCredentials(name).text;
    return inner.length > 0 ? `${shown} (${inner.join(', ')})` : shown;
  });
}

function mapsIn(value: unknown): object[] {
  if (Array.isArray(value)) return value.flatMap(mapsIn);
  return typeof value === 'object' && value !== null ? [value] : [];
}
