import type { CheckId } from '../../checks';
import type { WaivableAt } from '../../checks/check';
import type { Path } from '../../checks/findings';
import { unusedWaiver, type Waiver, type WaiverProblem, waiverProblem } from '../../rules/waiver';

/** A route, receiver or inhibition rule. */
export interface WaivablePart {
  readonly at: Exclude<WaivableAt, 'rule' | 'template file'>;
  readonly path: Path;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Returns the parts of a config that can waive checks, parents first, without those of the wrong type. */
export function waivableParts(config: unknown): WaivablePart[] {
  const { route, receivers, inhibit_rules } = isMap(config) ? config : {};
  return [
    ...(isMap(route) ? routeParts(route, ['route']) : []),
    ...itemParts('receiver', receivers, ['receivers']),
    ...itemParts('inhibition rule', inhibit_rules, ['inhibit_rules']),
  ];
}

function routeParts(value: WaivablePart['value'], path: Path): WaivablePart[] {
  const children = itemParts('route', value.routes, [...path, 'routes']);
  return [{ at: 'route', path, value }, ...children.flatMap((child) => routeParts(child.value, child.path))];
}

function itemParts(at: WaivablePart['at'], items: unknown, path: Path): WaivablePart[] {
  if (!Array.isArray(items)) return [];
  return items.flatMap((value, index) => (isMap(value) ? [{ at, path: [...path, index], value }] : []));
}

function isMap(value: unknown): value is WaivablePart['value'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sections of a config that have parts with waivers. */
interface Sections {
  readonly route?: object;
  readonly receivers?: readonly object[];
  readonly inhibit_rules?: readonly object[];
}

/** Returns the config without waivers, which Alertmanager does not support. */
export function withoutWaivers<Config extends Sections>(config: Config): Config {
  if (!waivableParts(config).some(({ value }) => Object.hasOwn(value, 'waive'))) return config;
  const { route, receivers, inhibit_rules } = config;
  return {
    ...config,
    ...(route && { route: routeWithout(route) }),
    ...(receivers && { receivers: itemsWithout(receivers) }),
    ...(inhibit_rules && { inhibit_rules: itemsWithout(inhibit_rules) }),
  };
}

function routeWithout(route: unknown): unknown {
  const own = itemWithout(route);
  return isMap(own) && Array.isArray(own.routes) ? { ...own, routes: own.routes.map(routeWithout) } : own;
}

function itemsWithout(items: unknown): unknown {
  return Array.isArray(items) ? items.map(itemWithout) : items;
}

function itemWithout(item: unknown): unknown {
  if (!isMap(item)) return item;
  const { waive: _, ...rest } = item;
  return rest;
}

/** Problem of one waiver of a config. */
export interface ConfigWaiverProblem extends WaiverProblem {
  /** Path of the part that has it. */
  readonly path: Path;
  readonly index: number;
  readonly waiver: Waiver;
}

/** The waivers of a config, and which of them were used. */
export class ConfigWaivers {
  private readonly parts: readonly WaivablePart[];
  private readonly used = new Set<string>();

  constructor(config: unknown) {
    this.parts = waivableParts(config);
  }

  /** Returns the reason for which a finding at a path is waived; undefined if it is not. */
  use(id: CheckId, path: Path): string | undefined {
    // Only the innermost part: a waiver of a route does not apply to its child routes.
    const part = this.parts.findLast((each) => each.path.every((name, i) => path[i] === name));
    const index = part ? waiversOf(part).findIndex((each) => each.check === id && !waiverProblem(each, part.at)) : -1;
    if (!part || index < 0) return undefined;
    this.used.add(keyOf(part, index));
    return waiversOf(part)[index]?.reason;
  }

  /** Returns waivers that can never apply. */
  invalid(): ConfigWaiverProblem[] {
    return this.problems((part, waiver) => waiverProblem(waiver, part.at));
  }

  /** Returns waivers that waived nothing, of checks that have run. */
  unused(checked: (id: CheckId) => boolean): ConfigWaiverProblem[] {
    return this.problems((part, waiver, index) =>
      !waiverProblem(waiver, part.at) && checked(waiver.check as CheckId) && !this.used.has(keyOf(part, index))
        ? unusedWaiver(waiver.check)
        : undefined,
    );
  }

  private problems(
    problemOf: (part: WaivablePart, waiver: Waiver, index: number) => WaiverProblem | undefined,
  ): ConfigWaiverProblem[] {
    return this.parts.flatMap((part) =>
      waiversOf(part).flatMap((waiver, index) => {
        const wrong = problemOf(part, waiver, index);
        return wrong ? [{ ...wrong, path: part.path, index, waiver }] : [];
      }),
    );
  }
}

function keyOf({ path }: WaivablePart, index: number): string {
  return JSON.stringify([...path, index]);
}

/** The waivers of a part; none if they have another type. */
function waiversOf({ value }: WaivablePart): readonly Waiver[] {
  return isWaivers(value.waive) ? value.waive : [];
}

/** Returns the paths of fields `waive` that are not a list of waivers. */
export function wrongWaivers(config: unknown): Path[] {
  return waivableParts(config)
    .filter(({ value }) => value.waive !== undefined && !isWaivers(value.waive))
    .map(({ path }) => [...path, 'waive']);
}

function isWaivers(value: unknown): value is readonly Waiver[] {
  return (
    Array.isArray(value) &&
    value.every((each) => isMap(each) && typeof each.check === 'string' && typeof each.reason === 'string')
  );
}
