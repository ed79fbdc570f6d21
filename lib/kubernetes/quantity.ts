/** Factors of the suffixes of Kubernetes quantities. */
const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * Returns the value of a quantity: 0.25 for `250m`, 1073741824 for `1Gi`, NaN if it is not valid.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantityValue(text: string): number {
  const [, number, suffix = ''] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text) ?? [];
  return Number(number ?? Number.NaN) * (SUFFIXES[suffix] ?? Number.NaN);
}

/** Formats bytes as a quantity, rounded up: in `Ti` or `Gi` from 4 of them, otherwise in `Mi`. */
export function byteQuantity(bytes: number): string {
  const [unit, suffix] =
    bytes >= 4 * 2 ** 40 ? [2 ** 40, 'Ti'] : bytes >= 4 * 2 ** 30 ? [2 ** 30, 'Gi'] : [2 ** 20, 'Mi'];
  return `${Math.ceil(bytes / unit)}${suffix}`;
}
