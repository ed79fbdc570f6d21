/** Time zones by their names in lower case: Go opens the zone's file, so the spelling must be exact. */
let zones: ReadonlyMap<string, string> | undefined;

/** Returns undefined if Go's `time.LoadLocation` knows a time zone, else the right spelling, if there is one. */
export function timeZoneProblem(name: string): { readonly spelling?: string } | undefined {
  if (name === '' || name === 'UTC' || name === 'Local') return undefined;
  zones ??= new Map(Intl.supportedValuesOf('timeZone').map((zone) => [zone.toLowerCase(), zone]));
  const spelling = zones.get(name.toLowerCase());
  return (spelling === undefined || spelling === name) && isTimeZone(name) ? undefined : { spelling };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
