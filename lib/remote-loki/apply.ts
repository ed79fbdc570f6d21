import type { GroupChange } from './plan';
import type { RulerApi } from './ruler-api';

/** Result of making changes one after another, up to the first that fails. */
export interface Applied {
  readonly done: readonly GroupChange[];
  /** Change that failed, and the reason. */
  readonly failed?: { readonly change: GroupChange; readonly reason: string };
  /** Changes that were not tried. */
  readonly pending: readonly GroupChange[];
}

export interface ApplyOptions {
  /** The ruler's API of a tenant. */
  readonly ruler: (tenant: string | undefined) => Pick<RulerApi, 'set' | 'delete'>;
  /** Stops before the next change. @default none */
  readonly signal?: AbortSignal;
  readonly onDone?: (change: GroupChange) => void;
}

/**
 * Makes changes in their order, one at a time. Loki stores each group as one object, so a group is either old or new.
 * Never throws: what failed and what was not tried is in the result, and a second run makes the rest.
 */
export async function applyChanges(changes: readonly GroupChange[], options: ApplyOptions): Promise<Applied> {
  const { ruler, signal, onDone = () => {} } = options;
  const done: GroupChange[] = [];
  for (const [i, change] of changes.entries()) {
    if (signal?.aborted) return { done, pending: changes.slice(i) };
    const { tenant, namespace, group, wanted } = change;
    try {
      await (wanted ? ruler(tenant).set(namespace, wanted) : ruler(tenant).delete(namespace, group));
    } catch (error) {
      return { done, failed: { change, reason: (error as Error).message }, pending: changes.slice(i + 1) };
    }
    done.push(change);
    onDone(change);
  }
  return { done, pending: [] };
}
