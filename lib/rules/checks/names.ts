import { dirname } from 'node:path';
import { isAlert, type RuleFile } from '../model';
import { placeOf } from '../source';
import type { Check, FileScope, RuleScope } from './check';

/** Names that must differ, or should. */
export const nameChecks: readonly Check[] = [
  {
    id: 'file-name-repeated',
    severity: 'error',
    *files(scopes) {
      const seen = new Set<string>();
      for (const target of scopes) {
        const name = `${folderOf(target)}/${target.file.name}`;
        if (seen.has(name)) {
          yield {
            target,
            message: 'there is another rule file of this name, and all go into one folder; give each its own',
          };
        }
        seen.add(name);
      }
    },
  },
  {
    id: 'group-name-repeated',
    severity: 'error',
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
            message: 'has the name of an earlier group and Loki refuses the whole file; names must be unique in a file',
          };
        }
        names.add(target.group.name);
      }
    },
  },
  {
    id: 'alert-name-repeated',
    severity: 'warning',
    *rules(scopes) {
      const seen = new Map<string, RuleScope>();
      for (const scope of scopes) {
        const { rule, group } = scope;
        if (!isAlert(rule) || rule.alert === '') continue;
        const name = `${folderOf(scope)}/${rule.alert}`;
        const first = seen.get(name);
        if (first) {
          const where = first.group === group ? 'the group' : `group '${first.group.name}' of '${first.file.name}'`;
          yield {
            target: scope,
            field: ['alert'],
            message: `${where} has an alert of this name too; after a restart Loki restores 'for' by the name alone, from the wrong rule; give it its own name`,
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
