import type { RuleFile, RuleGroup } from '../rules/model';
import { diffGroups, type GroupDiff, isUnchanged } from './rule-diff';
import type { Namespaces } from './ruler-api';

/** A group that must be created, replaced or deleted. */
export interface GroupChange extends GroupDiff {
  readonly change: 'added' | 'changed' | 'removed';
  readonly tenant?: string;
  readonly namespace: string;
  readonly group: string;
  /** New version; undefined if it must be deleted. */
  readonly wanted?: RuleGroup;
}

/** Differences between the files and the ruler, for one tenant. */
export interface TenantPlan {
  readonly tenant?: string;
  /** Changes in the order in which they are made: deletions last, so that a renamed alert is never missing. */
  readonly changes: readonly GroupChange[];
  /** Number of groups without a difference. */
  readonly unchanged: number;
  /** Namespaces of the ruler that are not owned, which are never changed. */
  readonly foreign: readonly string[];
  /** True if the ruler has no rules of the tenant at all. */
  readonly isNew: boolean;
}

export interface PlanOptions {
  readonly tenant?: string;
  /** Further namespaces that the files own, e.g. those of files that were removed. @default none */
  readonly namespaces?: readonly string[];
}

/** Namespace of a rule file, as of lokitool: its name without the extension. */
export function namespaceOf({ name }: Pick<RuleFile, 'name'>): string {
  return name.replace(/\.ya?ml$/i, '');
}

/**
 * Compares rule files with the groups in the ruler. The files own the namespaces with their names and those in
 * `namespaces`; groups in other namespaces belong to others.
 */
export function planTenant(files: readonly RuleFile[], stored: Namespaces, options: PlanOptions = {}): TenantPlan {
  const { tenant, namespaces = [] } = options;
  const wanted = new Map(files.map((file) => [namespaceOf(file), file.groups]));
  const owned = [...new Set([...wanted.keys(), ...namespaces])];
  const changes: GroupChange[] = [];
  let unchanged = 0;
  for (const namespace of owned) {
    const groups = new Map((wanted.get(namespace) ?? []).map((group) => [group.name, group]));
    const old = new Map((stored.get(namespace) ?? []).map((group) => [group.name, group]));
    for (const group of new Set([...groups.keys(), ...old.keys()])) {
      const [before, after] = [old.get(group), groups.get(group)];
      const diff = diffGroups(before, after);
      if (before && after && isUnchanged(diff)) unchanged++;
      else {
        const change = before ? (after ? 'changed' : 'removed') : 'added';
        changes.push({ change, tenant, namespace, group, ...diff, ...(after && { wanted: after }) });
      }
    }
  }
  const isDeletion = ({ change }: GroupChange) => change === 'removed';
  return {
    tenant,
    changes: [...changes.filter((change) => !isDeletion(change)), ...changes.filter(isDeletion)],
    unchanged,
    foreign: [...stored.keys()].filter((namespace) => !owned.includes(namespace)),
    isNew: stored.size === 0,
  };
}
