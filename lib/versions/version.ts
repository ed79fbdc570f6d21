/** Returns the version of an image; undefined if its tag has none. */
export function versionOf(image: string): string | undefined {
  return /:v?(?<version>\d+\.\d+\.\d+)(?=$|[@+-])/.exec(image)?.groups?.version;
}

/** Compares the numbers of versions like `3.7.8`, `2.42.0+ds` and MinIO's dates. One without numbers is not older. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [numbers(version), numbers(than)];
  const differing = a.findIndex((number, index) => number !== b[index]);
  return differing >= 0 && Number(a[differing]) < Number(b[differing]);
}

function numbers(version: string): number[] {
  return (/(\d+)[.-](\d+)[.-](\d+)/.exec(version) ?? []).slice(1).map(Number);
}
