const UNIT_NS = { s: 1e9, m: 60e9, h: 3600e9 } as const;

/** Nanoseconds between lines at a rate such as `120/s`, `30/m` or `0.5/h`; undefined if the text is no rate above 0. */
export function parseRate(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\/(s|m|h)$/.exec(text);
  if (!match) return undefined;
  const perUnit = Number(match[1]);
  return perUnit > 0 ? UNIT_NS[match[2] as keyof typeof UNIT_NS] / perUnit : undefined;
}
