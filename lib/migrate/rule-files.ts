import { basename } from 'node:path';
import { formatPlace } from '../checks/findings';
import { isAlert, type RuleFile } from '../rules/model';
import { placeOf } from '../rules/source';
import { byTenant, OWN_TENANT, withFolderTenants } from '../rules/tenant';
import { WITHOUT_TENANT } from './found';
import { freeName, plainName } from './names';

/** Adds the tenants of Loki's own layout, `<folder>/<tenant>/<file>`. */
export function withTenants(files: readonly RuleFile[]): RuleFile[] {
  return withFolderTenants(
    files.map((rules) => {
      const path = placeOf(rules)?.file;
      return path !== undefined && basename(path) === rules.name ? { rules, path } : { rules };
    }),
  );
}

/**
 * Drops files without rules, and those with the same rules as another one, which would send every notification twice: the same file may be in a
 * folder and in a ConfigMap.
 */
export function differentRules(files: readonly RuleFile[]): { readonly rules: RuleFile[]; readonly left: string[] } {
  const seen = new Map<string, RuleFile>();
  const left: string[] = [];
  const rules = files.filter(hasRules).filter((file) => {
    const tenant = [...byTenant([file]).keys()][0] ?? OWN_TENANT;
    const key = JSON.stringify([tenant, file.groups]);
    const first = seen.get(key);
    if (first) left.push(`${shownFile(file)}: the same rules as ${shownFile(first)}`);
    else seen.set(key, file);
    return !first;
  });
  return { rules, left };
}

function hasRules({ groups }: RuleFile): boolean {
  return groups.some((group) => group.rules.length > 0);
}

function shownFile(file: RuleFile): string {
  const place = placeOf(file);
  return place ? formatPlace(place) : file.name;
}

/** Endings of rule files, and of their templates. */
const ENDINGS = /(\.(ya?ml|txt|tmpl|gotmpl|template|tpl))+$/;

/** Gives each rule file a unique name; `pipeline.yaml` is a file of the stack. */
export function withNames(files: readonly RuleFile[]): RuleFile[] {
  const taken = new Set(['pipeline.yaml']);
  return files.map((file) => {
    const stem = plainName(file.name).replace(ENDINGS, '');
    return Object.assign(file, { name: freeName(stem, '.yaml', taken) });
  });
}

/** Returns lines of the report on rules of tenants, which become rules of the stack. */
export function tenantsLeft(files: readonly RuleFile[]): string[] {
  return [...byTenant(files)].flatMap(([tenant, own]) =>
    tenant === undefined || tenant === OWN_TENANT
      ? []
      : own.map(({ name }) => `tenant '${tenant}' of rules/${name}: ${WITHOUT_TENANT}`),
  );
}

/** Returns the values of the label `severity` of all alerts. */
export function severitiesOf({ rules }: RuleFile['groups'][number]): string[] {
  return rules
    .filter(isAlert)
    .flatMap(({ labels }) => labels?.severity ?? [])
    .filter((value) => !value.includes('{{'));
}
