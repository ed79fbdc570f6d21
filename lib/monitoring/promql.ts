/** What a Prometheus scrapes under one `job`: the pods of one component. */
export interface Target {
  readonly namespace: string;
  /** Name of the component, which the monitors make the value of `job`. */
  readonly name: string;
}

/**
 * `metric{namespace="…",job="…"}` of these targets, which share a namespace.
 * @param more further matchers, as in `status_code=~"5.."`
 */
export function select(metric: string, targets: readonly Target[], more?: string): string {
  const [{ namespace } = { namespace: '' }, ...others] = targets;
  if (others.some((other) => other.namespace !== namespace))
    throw new Error(`targets of several namespaces in one selector: ${targets.map(({ name }) => name).join(', ')}`);
  const names = targets.map(({ name }) => name);
  const job = names.length === 1 ? `job="${names[0]}"` : `job=~"${names.join('|')}"`;
  return `${metric}{${[`namespace="${namespace}"`, job, ...(more ? [more] : [])].join(',')}}`;
}

/**
 * How much a counter grew, also one that does not exist before the first event: its first value counts then, which
 * `increase` alone never sees.
 * @param selector of the counter
 * @param by labels of the sums
 */
export function grown(selector: string, by: readonly string[], range = '15m'): string {
  return `sum by (${by.join(', ')}) (${selector} unless ${selector} offset ${range} or increase(${selector}[${range}]))`;
}
