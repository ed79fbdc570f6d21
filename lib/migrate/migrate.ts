import { checkAlertmanagerConfig } from '../alertmanager/checks/check-config';
import type { AlertmanagerConfig } from '../alertmanager/config/config';
import { ConfigFindings } from '../alertmanager/config/config-findings';
import { type ReadConfig, readAlertmanagerConfig } from '../alertmanager/config/read';
import { isTemplate } from '../alertmanager/read-templates';
import type { TemplateFile } from '../alertmanager/templates';
import type { CheckId } from '../checks';
import { type Finding, finding, formatPath, formatPlace, isWithin } from '../checks/findings';
import { type CredentialSpan, withoutCredentials } from '../credentials';
import { isAlert, type RuleFile } from '../rules/model';
import { byTenant, OWN_TENANT } from '../rules/tenant';
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
import { ruleFindings, withoutRuleCredentials } from './rule-texts';
import { TEMPLATE_ENDING } from './template-files';
import { substituteDefaults, variablesIn } from './variables';

/**
 * What keeps a migration from being whole, and is to be put right before one is written.
 */
export function unreadable({ unreadable, alertmanager }: Found): Finding[] {
  const [first, ...others] = different(alertmanager);
  if (!first) return [...unreadable];
  return [
    ...unreadable,
    ...readRoutes(first).findings.filter(({ id, severity }) => severity === 'error' && id !== OPEN),
    ...others.map(({ placeAt }) =>
      finding('migrate', {
        problem: `second alertmanager.yml, which differs from ${formatPlace(first.placeAt(0))}`,
        fix: 'name only one of them, or merge them by hand',
        place: placeAt(0),
      }),
    ),
  ];
}

/**
 * Findings have their places in the files of the new app, but for those on what was wrong in the files that were read.
 *
 * @param folder of the new app, as findings shall name it
 */
export function migrate(found: Found, folder: string): Migration {
  const { rules, blanked } = withoutRuleCredentials(withNames(found.rules));
  const groups = rules.flatMap((file) => file.groups);
  const [source] = different(found.alertmanager);
  const routes = source && readRoutes(source);
  const {
    config,
    credentials = [],
    secrets = [],
    toCorrect = [],
  } = routes?.config ? withoutConfigCredentials(routes.config) : {};
  // Without routes of theirs, no message would show them.
  const [used, unused] = parted(
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
      ...(routes?.defaults ?? []).map(
        (name) => `variable ${name} in ${source?.file}: its default was taken, and nothing replaces it any more`,
      ),
      ...tenantsLeft(found.rules),
      ...unused.map(({ file }) => `${file}: ${whyUnused(file, config !== undefined)}`),
    ],
    findings: [
      ...found.findings,
      ...(routes?.findings ?? []),
      ...ruleFindings(blanked, app.rules),
      ...templates.flatMap((template) => templateFindings(template, folder)),
      ...checkApp(app, folder, [...toCorrect, ...(routes?.config ? lostAddresses(routes.config, found.services) : [])]),
      ...checkAlertLabels(app, folder),
    ],
  };
}

/** What the synthesis of the app says, with places, and what stands for credentials that have no file. */
function checkApp({ props, positions }: ReadApp, folder: string, toCorrect: readonly ToCorrect[]): Finding[] {
  const config = props.routing?.config;
  const blanks = new ConfigFindings(config, positions);
  for (const { path, id = 'migrate-credential', ...wrong } of toCorrect) blanks.add(id, path, wrong);
  const at = ({ path }: Finding) => formatPath(path);
  // What stands for a value is wrong in other ways too.
  const without = (found: Finding) =>
    blanks.findings.some((blank) => blank.id !== 'migrate-address' && at(blank) === at(found));
  const key = (found: Finding) => `${found.id} ${at(found)}`;
  const placed = new Map(
    (config ? checkAlertmanagerConfig(config, { positions }) : []).map((found) => [key(found), found]),
  );
  const templates = Object.keys(props.routing?.templates ?? {});
  return [
    ...blanks.findings,
    ...checkLogAlerting(props)
      .map(inConfig)
      .map((found) => placed.get(key(found)) ?? found)
      .filter((found) => !without(found))
      .map((found) =>
        found.place && templates.includes(found.place.file)
          ? { ...found, place: { ...found.place, file: `${folder}/templates/${found.place.file}` } }
          : found,
      )
      .map(mustBeCorrected),
  ];
}

/** The finding, with its path in the alertmanager.yml of the options where it is on that. */
function inConfig(found: Finding): Finding {
  return isWithin(found.path, CONFIG) ? { ...found, path: found.path.slice(CONFIG.length) } : found;
}

const CONFIG = ['routing', 'config'];

/** Checks on rules because of the labels that the collector sets. */
const OF_COLLECTOR = new Set<CheckId>(['selector-label-unknown', 'selector-job', 'grouping-label-unknown']);

/** A rule that was right with another collector and never sees a line here is no matter of taste. */
function mustBeCorrected(found: Finding): Finding {
  return OF_COLLECTOR.has(found.id) ? { ...found, severity: 'error' } : found;
}

/** Files of one name would replace each other, and the stack has a `pipeline.yaml` of its own. */
function withNames(files: readonly RuleFile[]): RuleFile[] {
  const taken = new Set(['pipeline.yaml']);
  return files
    .filter((file) => file.groups.some((group) => group.rules.length > 0))
    .map((file) => {
      const stem = plainName(file.name).replace(/\.ya?ml$/, '');
      return Object.assign(file, { name: freeName(stem, '.yaml', taken) });
    });
}

function withTemplateNames(files: readonly TemplateFile[]): TemplateFile[] {
  const taken = new Set<string>();
  return different(files).map(({ file, text }) => ({
    file: freeName(plainName(file).replace(TEMPLATE_ENDING, ''), '.tmpl', taken),
    text,
  }));
}

function whyUnused(file: string, routes: boolean): string {
  if (/\.\w+\.\w+$/.test(file)) return 'another program makes a file of it, and it defines no message template';
  return routes
    ? 'it defines no message template, and templates of alertmanager.yml does not name it'
    : 'a message template, and no alertmanager.yml that uses it';
}

/** What must be corrected in a template of the new app. */
function templateFindings(
  { file, text, found }: TemplateFile & { found: readonly CredentialSpan[] },
  folder: string,
): Finding[] {
  const { placeAt } = sourceText(`${folder}/templates/${file}`, text);
  let from = 0;
  return found.map(({ what }) => {
    const at = text.indexOf(BLANK, from);
    from = at + 1;
    const problem = `held ${what}, which was not written: every receiver of the message would see it`;
    return finding('migrate-credential', { problem, fix: 'remove it', place: placeAt(at) });
  });
}

/** Rules of tenants become rules of all. */
function tenantsLeft(files: readonly RuleFile[]): string[] {
  return [...byTenant(files)].flatMap(([tenant, own]) =>
    tenant === undefined || tenant === OWN_TENANT
      ? []
      : own.map(
          ({ name }) =>
            `tenant '${tenant}' of rules/${name}: its rules see the lines of all here; for a tenant of its own, write tenants in main.ts, see docs/tenants.md`,
        ),
  );
}

function parted<T>(all: readonly T[], first: (one: T) => boolean): [T[], T[]] {
  return [all.filter(first), all.filter((one) => !first(one))];
}

/** Those of another text than all before: the same configuration may well be given twice, plain and encoded. */
function different<T extends { readonly file: string; readonly text: string }>(all: readonly T[]): T[] {
  return all.filter(({ text }, index) => all.findIndex((other) => other.text === text) === index);
}

function severitiesOf({ rules }: RuleFile['groups'][number]): string[] {
  return rules
    .filter(isAlert)
    .flatMap(({ labels }) => labels?.severity ?? [])
    .filter((value) => !value.includes('{{'));
}

/** A value that another program put in, which keeps nothing else from being read. */
const OPEN = 'migrate-variable';

interface ReadRoutes extends Pick<ReadConfig, 'config' | 'findings'> {
  /** Names of the variables whose default was taken. */
  readonly defaults: readonly string[];
}

function readRoutes(source: SourceText): ReadRoutes {
  const { text, taken } = substituteDefaults(source.text);
  const read = readAlertmanagerConfig(text, source.file);
  const { config, positions, findings } = read.config ? read : withoutVariables(text, source, read);
  // Fields that are there and empty have no wrong type.
  const whole = config?.route && config.receivers;
  const missing = config && !whole ? checkAlertmanagerConfig(config, { positions }) : [];
  return {
    config: whole ? config : undefined,
    defaults: taken.flatMap(variablesIn),
    findings: [...findings, ...missing].map((found) => placeIn(source, found)),
  };
}

/** Where a number is a variable, nothing takes its place, so that all else can be read. */
function withoutVariables(text: string, { file }: SourceText, read: ReadConfig): ReadConfig {
  const lines = text.split('\n');
  const open = read.findings.flatMap((found): Finding[] => {
    const index = (found.place?.line ?? 0) - 1;
    const line = lines[index] ?? '';
    const start = (found.place?.column ?? 1) - 1;
    const [value = ''] = /^(["']?)\$\{?\w+\}?\1/.exec(line.slice(start)) ?? [];
    if (value === '') return [];
    lines[index] = `${line.slice(0, start)}${' '.repeat(value.length)}${line.slice(start + value.length)}`;
    const problem = `held the variable ${variablesIn(value.replace(/["']/g, '')).join(', ')}, which Alertmanager does not replace, and was left out`;
    return [{ ...found, id: OPEN, problem, fix: 'write the value' }];
  });
  if (open.length === 0) return read;
  const again = readAlertmanagerConfig(lines.join('\n'), file);
  return again.config ? { ...again, findings: [...open, ...again.findings] } : read;
}
