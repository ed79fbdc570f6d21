import { dirname } from 'node:path';
import { isAlert, type RuleFile } from '../model';
import { placeOf } from '../source';
import type { FileScope, RuleCheck, RuleScope } from './rule-check';

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
      const seen = new Map<string, RuleScope>();
      for (const scope of scopes) {
        const { rule, group } = scope;
        if (!isAlert(rule) || rule.alert === '') continue;
        const name = `${folderOf(scope)}/${rule.alert}`;
        const first = seen.get(name);
        if (first) {
          const where =
            first.group === group ? 'the same group' : `group '${first.group.name}' of '${first.file.name}'`;
          yield {
            target: scope,
            field: ['alert'],
            problem: `duplicate alert name, also in ${where}: after a restart, Loki restores the "for" state by alert name only`,
            fix: 'rename one of the two',
          };
        } else {
          seen.set(name, scope);
        }
      }
    },
  },
];

function folderOf({ file, options }: FileScope): string {
  return options.separateFolders ? dirname(placeOf(file)?.file ?? '') : '';
}
