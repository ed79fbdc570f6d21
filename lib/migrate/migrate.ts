import { basename, dirname } from 'node:path';
import { checkAlertmanagerConfig } from '../alertmanager/checks/check-config';
import type { AlertmanagerConfig } from '../alertmanager/config/config';
import { ConfigFindings } from '../alertmanager/config/config-findings';
import { type ReadConfig, readAlertmanagerConfig } from '../alertmanager/config/read';
import { isTemplate } from '../alertmanager/read-templates';
import type { TemplateFile } from '../alertmanager/templates';
import type { CheckId } from '../checks';
import { type Finding, finding, formatPath, formatPlace, isWithin } from '../checks/findings';
import { type CredentialSpan, substituteDefaults, variablesIn, withoutCredentials } from '../credentials';
import { checkLogAlerting } from '../stack/check-stack';
import { SEVERITIES } from '../stack/resolve';
import { placeIn, type SourceText, sourceText } from '../yaml/source';
import { lostAddresses } from './addresses';
import { checkAlertLabels } from './alert-labels';
import { hasOldMatches, withMatchers } from './alertmanager';
import { type ReadApp, readApp } from './app';
import { BLANK, type ToCorrect, withoutConfigCredentials } from './credentials';
import type { Found } from './found';
import type { Migration, Moved } from './moved';
import { freeName, plainName } from './names';
import { differentRules, severitiesOf, tenantsLeft, withNames, withTenants } from './rule-files';
import { ruleFindings, variableFindings, withoutRuleCredentials } from './rule-texts';
import { TEMPLATE_ENDING } from './template-files';
import { replacedByDefault } from './variables';

/** Returns the findings that must be fixed before a migration. */
export function unreadable({ unreadable, alertmanager }: Found): Finding[] {
  const { source: first, others } = routesOf(alertmanager);
  if (!first) return [...unreadable];
  return [
    ...unreadable,
    ...readRoutes(first).findings.filter(({ id, severity }) => severity === 'error' && id !== OPEN),
    ...others.filter((other) => !isVariant(first, other)).map((other) => secondOf(first, other)),
  ];
}

/** Returns the alertmanager.yml to migrate, rather than variants of it. */
function routesOf(all: readonly SourceText[]): { readonly source?: SourceText; readonly others: SourceText[] } {
  const found = different(all);
  const source = found.find((one) => found.some((other) => isVariant(one, other))) ?? found[0];
  return { ...(source && { source }), others: found.filter((other) => other !== source) };
}

/**
 * Returns whether a configuration is left out: a variant such as alertmanager-slack.yml beside alertmanager.yml, or a
 * later one in the same file, of which the user cannot pass only one.
 */
function isVariant(one: SourceText, other: SourceText): boolean {
  if (one.file === other.file) return offsetOf(one) < offsetOf(other);
  const stem = (file: string) => basename(file).replace(/\.ya?ml$/, '');
  return (
    dirname(one.file) === dirname(other.file) &&
    stem(one.file) === 'alertmanager' &&
    /^alertmanager[._-]/.test(stem(other.file)) &&
    !TEMPLATE_ENDING.test(other.file)
  );
}

function offsetOf({ placeAt }: SourceText): number {
  return placeAt(0).offset ?? 0;
}

/** Returns the line of the report on a variant. */
function variantLeft(first: SourceText, { file, placeAt }: SourceText): string {
  if (file === first.file) {
    return `${formatPlace(placeAt(0))}: another configuration of Alertmanager than that of ${formatPlace(first.placeAt(0))}, which was migrated: merge them, or remove the first in a copy of the file to migrate this one instead`;
  }
  return `${formatPlace(placeAt(0))}: a variant of ${first.file}, which was migrated: pass only the variant to migrate it instead`;
}

function secondOf(first: SourceText, { placeAt }: SourceText): Finding {
  return finding('migrate', {
    problem: `second alertmanager.yml, different from ${formatPlace(first.placeAt(0))}`,
    fix: 'pass only one of them, or merge them',
    place: placeAt(0),
  });
}

/**
 * Migrates the content of another system. Places of findings are in the files of the new app, except for findings on
 * the original files.
 *
 * @param folder folder of the new app, for the places of findings
 */
export function migrate(found: Found, folder: string): Migration {
  const once = differentRules(withTenants(found.rules));
  const { rules, blanked } = withoutRuleCredentials(withNames(once.rules));
  const groups = rules.flatMap((file) => file.groups);
  const { source, others } = routesOf(found.alertmanager);
  const routes = source && readRoutes(source);
  const {
    config,
    credentials = [],
    secrets = [],
    toCorrect = [],
  } = routes?.config ? withoutConfigCredentials(routes.config) : {};
  // Without an alertmanager.yml, no message uses the templates.
  const [used, unused] = partition(
    found.templates,
    (file) => config !== undefined && isTemplate(file, routes?.config as AlertmanagerConfig),
  );
  const templates = withTemplateNames(used).map(({ file, text }) => ({ file, ...withoutCredentials(text) }));
  const moved: Moved = {
    rules,
    alertmanager: config && withMatchers(config),
    templates: templates.map(({ file, text }) => ({ file, text })),
    credentials,
    secrets,
    settings: found.settings,
    severities: [...new Set(groups.flatMap(severitiesOf))].filter((value) => !SEVERITIES.includes(value)),
  };
  const app = readApp(moved, folder);
  return {
    ...moved,
    oldMatches: config !== undefined && hasOldMatches(config),
    left: [
      ...found.left,
      ...(routes?.defaults ?? []).map((name) => replacedByDefault(name, source?.file ?? '')),
      ...once.left,
      ...(source ? others.map((other) => variantLeft(source, other)) : []),
      ...tenantsLeft(once.rules),
      ...unused.map(({ file }) => `${file}: ${whyUnused(file, config !== undefined)}`),
    ],
    findings: [
      ...found.findings,
      ...(routes?.findings ?? []),
      ...ruleFindings(blanked, app.rules),
      ...variableFindings(app.rules),
      ...templates.flatMap((template) => templateFindings(template, folder)),
      ...checkApp(app, folder, [...toCorrect, ...(routes?.config ? lostAddresses(routes.config, found.services) : [])]),
      ...checkAlertLabels(app, folder),
    ],
  };
}

/** Returns the findings of the synthesis of the app, with places, and those on placeholders. */
function checkApp({ props, positions }: ReadApp, folder: string, toCorrect: readonly ToCorrect[]): Finding[] {
  const config = props.routing?.config;
  const placeholders = new ConfigFindings(config, positions);
  for (const { path, id = 'migrate-credential', ...wrong } of toCorrect) placeholders.add(id, path, wrong);
  const at = ({ path }: Finding) => formatPath(path);
  // Other checks report placeholders too.
  const isPlaceholder = (found: Finding) =>
    placeholders.findings.some((other) => other.id !== 'migrate-address' && at(other) === at(found));
  const key = (found: Finding) => `${found.id} ${at(found)}`;
  const placed = new Map(
    (config ? checkAlertmanagerConfig(config, { positions }) : []).map((found) => [key(found), found]),
  );
  const templates = Object.keys(props.routing?.templates ?? {});
  return [
    ...placeholders.findings,
    ...checkLogAlerting(props)
      .map(inConfig)
      .map((found) => placed.get(key(found)) ?? found)
      .filter((found) => !isPlaceholder(found))
      .map((found) =>
        found.place && templates.includes(found.place.file)
          ? { ...found, place: { ...found.place, file: `${folder}/templates/${found.place.file}` } }
          : found,
      )
      .map(mustBeCorrected),
  ];
}

/** Makes the path of a finding relative to alertmanager.yml if it is in there. */
function inConfig(found: Finding): Finding {
  return isWithin(found.path, CONFIG) ? { ...found, path: found.path.slice(CONFIG.length) } : found;
}

const CONFIG = ['routing', 'config'];

/** Checks of the labels that the collector sets. */
const OF_COLLECTOR = new Set<CheckId>(['selector-label-unknown', 'selector-job', 'grouping-label-unknown']);

/** Raises the severity of findings on rules that worked with another collector and never match a line here. */
function mustBeCorrected(found: Finding): Finding {
  return OF_COLLECTOR.has(found.id) ? { ...found, severity: 'error' } : found;
}

function withTemplateNames(files: readonly TemplateFile[]): TemplateFile[] {
  const taken = new Set<string>();
  return different(files).map(({ file, text }) => ({
    file: freeName(plainName(file).replace(TEMPLATE_ENDING, ''), '.tmpl', taken),
    text,
  }));
}

function whyUnused(file: string, routes: boolean): string {
  if (/\.\w+\.\w+$/.test(file)) return 'a template of another program, which defines no message template';
  return routes
    ? 'defines no message template, and is not in templates of alertmanager.yml'
    : 'a message template, but there is no alertmanager.yml that uses it';
}

/** Returns the findings on a template of the new app. */
function templateFindings(
  { file, text, found }: TemplateFile & { found: readonly CredentialSpan[] },
  folder: string,
): Finding[] {
  const { placeAt } = sourceText(`${folder}/templates/${file}`, text);
  let from = 0;
  return found.map(({ what }) => {
    const at = text.indexOf(BLANK, from);
    from = at + 1;
    const problem = `contained ${what}, which was not written: every receiver of the message would see it`;
    return finding('migrate-credential', { problem, fix: 'remove it', place: placeAt(at) });
  });
}

function partition<T>(all: readonly T[], first: (one: T) => boolean): [T[], T[]] {
  return [all.filter(first), all.filter((one) => !first(one))];
}

/** Drops duplicate texts: the same configuration may exist twice, plain and encoded. */
function different<T extends { readonly file: string; readonly text: string }>(all: readonly T[]): T[] {
  return all.filter(({ text }, index) => all.findIndex((other) => other.text === text) === index);
}

/** Check of values that another program sets: they do not prevent a migration. */
const OPEN = 'migrate-variable';

interface ReadRoutes extends Pick<ReadConfig, 'config' | 'findings'> {
  /** Names of the variables that were replaced by their defaults. */
  readonly defaults: readonly string[];
}

function readRoutes(source: SourceText): ReadRoutes {
  const { text, taken } = substituteDefaults(source.text);
  const read = readAlertmanagerConfig(text, source.file);
  const { config, positions, findings } = read.config ? read : withoutVariables(text, source, read);
  // Empty fields have no wrong type.
  const whole = config?.route && config.receivers;
  const missing = config && !whole ? checkAlertmanagerConfig(config, { positions }) : [];
  return {
    config: whole ? config : undefined,
    defaults: taken.flatMap(variablesIn),
    findings: [...findings, ...missing].map((found) => placeIn(source, found)),
  };
}

/** A variable, or a placeholder such as `NUMBER` or `<chat id>`. */
const OPEN_VALUE = /^(["']?)(\$\{?\w+\}?|[A-Z][A-Z0-9_]{2,}|<[^<>"']*>|__\w+__)\1/;

/** Removes variables and placeholders where a number is expected, so that the rest can be read. */
function withoutVariables(text: string, { file }: SourceText, read: ReadConfig): ReadConfig {
  const lines = text.split('\n');
  const open = read.findings.flatMap((found): Finding[] => {
    const index = (found.place?.line ?? 0) - 1;
    const line = lines[index] ?? '';
    const start = (found.place?.column ?? 1) - 1;
    const [value = ''] = OPEN_VALUE.exec(line.slice(start)) ?? [];
    // A URL can be read from a file.
    if (value === '' || /url$/.test(String(found.path?.at(-1)))) return [];
    lines[index] = `${line.slice(0, start)}${' '.repeat(value.length)}${line.slice(start + value.length)}`;
    const text = value.replace(/["']/g, '');
    const [name] = variablesIn(text);
    const what = name === undefined ? `placeholder ${text}` : `variable ${name}`;
    const problem = `contained the ${what}, which Alertmanager does not replace, and was removed`;
    return [{ ...found, id: OPEN, problem, fix: 'set the value' }];
  });
  if (open.length === 0) return read;
  const again = readAlertmanagerConfig(lines.join('\n'), file);
  return again.config ? { ...again, findings: [...open, ...again.findings] } : read;
}
