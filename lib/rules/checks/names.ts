import { dirname } from 'node:path';
import { durationMs } from '../../text/duration';
import { isAlert, type RuleFile } from '../model';
import { placeOf } from '../source';
import type { FileScope, PlacedRule, RuleCheck } from './rule-check';

/** Checks on names that must, or should, be unique. */
export const nameChecks: readonly RuleCheck[] = [
  {
    id: 'file-name-repeated',
    *files(scopes) {
      const seen = new Set<string>();
      for (const target of scopes) {
        const name = `${folderOf(target)}/${target.file.name}`;
        if (seen.has(name)) {
          yield {
            target,
            problem: 'duplicate file name: all rule files are mounted in one folder',
            fix: 'rename one of the two',
          };
        }
        seen.add(name);
      }
    },
  },
  {
    id: 'group-name-repeated',
    *groups(scopes) {
      let names = new Set<string>();
      let file: RuleFile | undefined;
      for (const target of scopes) {
        if (target.file !== file) names = new Set();
        file = target.file;
        if (names.has(target.group.name)) {
          yield {
            target,
            field: ['name'],
            problem: 'duplicate group name',
            fix: 'rename one of the two',
          };
        }
        names.add(target.group.name);
      }
    },
  },
  {
    id: 'alert-name-repeated',
    *rules(scopes) {
      const seen = new Map<string, PlacedRule>();
      const restored = new Set(scopes.filter(isRestored).map(nameOf));
      for (const scope of scopes) {
        const { rule, group, options } = scope;
        if (!isAlert(rule) || rule.alert === '') continue;
        const name = nameOf(scope);
        const first = seen.get(name);
        // In a stack, one of them is usually a mistake, and a waiver can give the reason for an intended pair.
        if (first && (options.asConfigMaps || restored.has(name))) {
          const where =
            first.group === group ? 'the same group' : `group '${first.group.name}' of '${first.file.name}'`;
          yield {
            target: scope,
            field: ['alert'],
            problem: `duplicate alert name, also in ${where}: after a restart, Loki restores the "for" state by alert name only`,
            fix: 'rename one of the two',
          };
        }
        if (!first) seen.set(name, scope);
      }
    },
  },
];

/** Default of the ruler's `for_grace_period`: a shorter `for` is not restored after a restart. */
const GRACE_PERIOD_MS = 10 * 60 * 1000;

function isRestored({ rule }: PlacedRule): boolean {
  return isAlert(rule) && (durationMs(rule.for ?? '0s') ?? 0) >= GRACE_PERIOD_MS;
}

function nameOf(scope: PlacedRule): string {
  return `${folderOf(scope)}/${scope.rule.alert}`;
}

function folderOf({ file, options }: FileScope): string {
  return options.separateFolders ? dirname(placeOf(file)?.file ?? '') : '';
}
