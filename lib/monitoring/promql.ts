/** A scrape target: the pods of one component, with the same `job`. */
export interface Target {
  readonly namespace: string;
  /** Name of the component, which is the value of `job`. */
  readonly name: string;
}

/**
 * Returns `metric{namespace="…",job="…"}` for targets of the same namespace.
 * @param more further matchers, such as `status_code=~"5.."`
 */
export function select(metric: string, targets: readonly Target[], more?: string): string {
  const [{ namespace } = { namespace: '' }, ...others] = targets;
  if (others.some((other) => other.namespace !== namespace))
    throw new Error(`targets in different namespaces: ${targets.map(({ name }) => name).join(', ')}`);
  const names = targets.map(({ name }) => name);
  const job = names.length === 1 ? `job="${names[0]}"` : `job=~"${names.join('|')}"`;
  return `${metric}{${[`namespace="${namespace}"`, job, ...(more ? [more] : [])].join(',')}}`;
}

/**
 * Returns an expression for the increase of a counter. Unlike `increase`, it includes the first value of a counter that
 * does not exist before its first event.
 * @param selector selector of the counter
 * @param by labels of the sums
 */
export function counterIncrease(selector: string, by: readonly string[], range = '15m'): string {
  return `sum by (${by.join(', ')}) (${selector} unless ${selector} offset ${range} or increase(${selector}[${range}]))`;
}
