import type { TemplateFile } from '../alertmanager/templates';
import type { Finding } from '../checks/findings';
import type { RuleFile } from '../rules/model';
import type { SourceText } from '../yaml/source';
import type { LokiSettings } from './loki-settings';

/** Content of the files of another system. */
export interface Found {
  readonly rules: readonly RuleFile[];
  /** Alertmanager configurations. */
  readonly alertmanager: readonly SourceText[];
  /** Possible message templates: `templates` of alertmanager.yml decides. */
  readonly templates: readonly TemplateFile[];
  readonly settings: LokiSettings;
  /** Names of services that only exist in the network of the old system. */
  readonly services: readonly string[];
  /** Lines of the report on content that is not migrated. */
  readonly left: readonly string[];
  /** Findings on content that was read. */
  readonly findings: readonly Finding[];
  /** Findings on content that could not be read. */
  readonly unreadable: readonly Finding[];
}

export const NOTHING: Found = {
  rules: [],
  alertmanager: [],
  templates: [],
  settings: {},
  services: [],
  left: [],
  findings: [],
  unreadable: [],
};

/** Explanation of rules of a tenant in the report. */
export const WITHOUT_TENANT =
  'its rules read the logs of the whole stack here; for a separate tenant, set tenants in main.ts, see loki-alerts explain tenants';

/** Returns a result with lines of the report only. */
export function leave(...left: readonly string[]): Found {
  return { ...NOTHING, left };
}

/** Returns whether anything was recognized; a rule file without rules is another kind of list. */
export function holdsAnything({ rules, alertmanager, templates, settings, left, unreadable }: Found): boolean {
  return (
    rules.some(({ groups }) => groups.some((group) => group.rules.length > 0)) ||
    alertmanager.length + templates.length + left.length + unreadable.length + Object.keys(settings).length > 0
  );
}

/** Merges the content of several files. */
export function join(all: readonly Found[]): Found {
  const { settings, changed } = joinSettings(all.map((one) => one.settings));
  return {
    rules: all.flatMap(({ rules }) => rules),
    alertmanager: all.flatMap(({ alertmanager }) => alertmanager),
    templates: all.flatMap(({ templates }) => templates),
    settings,
    services: all.flatMap(({ services }) => services),
    left: [...new Set([...all.flatMap(({ left }) => left), ...changed])],
    findings: all.flatMap(({ findings }) => findings),
    unreadable: all.flatMap(({ unreadable }) => unreadable),
  };
}

/** Merges the settings of several files: the last value of each is used, and the others are reported. */
function joinSettings(all: readonly LokiSettings[]): { readonly settings: LokiSettings; readonly changed: string[] } {
  const own = lastValues(all.map(({ limits: _, ...settings }) => settings));
  const limits = lastValues(
    all.map((one) => one.limits ?? {}),
    'limits.',
  );
  return {
    settings: { ...own.values, ...(Object.keys(limits.values).length > 0 ? { limits: limits.values } : {}) },
    changed: [...own.changed, ...limits.changed],
  };
}

function lastValues<T extends object>(
  all: readonly T[],
  prefix = '',
): { readonly values: T; readonly changed: string[] } {
  const values: Record<string, unknown> = {};
  const changed: string[] = [];
  for (const [name, value] of all.flatMap((one) => Object.entries(one))) {
    const before = values[name];
    if (before !== undefined && before !== value)
      changed.push(`${prefix}${name}: ${before} in one file, ${value} in a later one, which is used`);
    values[name] = value;
  }
  return { values: values as T, changed };
}
