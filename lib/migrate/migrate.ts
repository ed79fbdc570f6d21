import { checkAlertmanagerConfig } from '../alertmanager/check';
import type { AlertmanagerConfig } from '../alertmanager/config';
import { type ReadConfig, readAlertmanagerConfig } from '../alertmanager/read';
import { Report } from '../alertmanager/report';
import type { TemplateFile } from '../alertmanager/templates';
import type { Finding } from '../findings';
import { checkLogAlerting, SEVERITIES } from '../log-alerting-checks';
import { isAlert, type RuleFile } from '../rules/model';
import type { SourceText } from '../rules/read';
import { placeIn } from '../rules/read/yaml-text';
import { checkAlertLabels } from './alert-labels';
import { hasOldMatches, withMatchers } from './alertmanager';
import { type ReadApp, readApp } from './app';
import { type Credential, type ToCorrect, withoutConfigCredentials } from './credentials';
import type { LokiSettings } from './loki-settings';
import { freeName, plainName } from './names';
import type { Found } from './read';

/** Another system's rules and routes, as this one takes them. */
export interface Moved {
  readonly rules: readonly RuleFile[];
  readonly alertmanager?: AlertmanagerConfig;
  readonly templates: readonly TemplateFile[];
  readonly credentials: readonly Credential[];
  /** Secrets that alertmanager.yml read before, and reads here. */
  readonly secrets: readonly string[];
  readonly settings: LokiSettings;
  /** Values of the label `severity` beside the stack's own. */
  readonly severities: readonly string[];
}

export interface Migration extends Moved {
  /** Whether `match` became `matchers`. */
  readonly oldMatches: boolean;
  /** What has no place in this system. */
  readonly left: readonly string[];
  /** What must or should be corrected by hand. */
  readonly findings: readonly Finding[];
}

/**
 * What keeps a migration from being whole, and is to be put right before one is written.
 */
export function unreadable({ unreadable, alertmanager }: Found): Finding[] {
  const [first, ...others] = different(alertmanager);
  if (!first) return [...unreadable];
  return [
    ...unreadable,
    ...readRoutes(first).findings.filter(({ severity }) => severity === 'error'),
    ...others.map(({ placeAt }): Finding => {
      const place = first.placeAt(0);
      const message = `is another alertmanager.yml than that of ${place.file}:${place.line}, and the stack has one: give one of them, or join them by hand`;
      return { id: 'migrate', severity: 'error', message, ...placeAt(0) };
    }),
  ];
}

/**
 * Findings have their places in the files of the new app, but for those on what was wrong in the files that were read.
 *
 * @param folder of the new app, as findings shall name it
 */
export function migrate(found: Found, folder: string): Migration {
  const rules = withNames(found.rules);
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
  const unused = config ? [] : found.templates;
  const moved: Moved = {
    rules,
    alertmanager: config && withMatchers(config),
    templates: config ? withTemplateNames(found.templates) : [],
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
      ...unused.map(({ file }) => `${file}: a message template, and no alertmanager.yml that uses it`),
    ],
    findings: [
      ...found.findings,
      ...(routes?.findings ?? []),
      ...checkApp(app, folder, toCorrect),
      ...checkAlertLabels(app, folder),
    ],
  };
}

/** What the synthesis of the app says, with places, and what stands for credentials that have no file. */
function checkApp({ props, positions }: ReadApp, folder: string, toCorrect: readonly ToCorrect[]): Finding[] {
  const config = props.routing?.config;
  const blanks = new Report(config, positions);
  for (const { path, message } of toCorrect) blanks.error('migrate-credential', path, message);
  const without = ({ subject }: Finding) => blanks.findings.some((blank) => blank.subject === subject);
  const text = ({ id, subject, message }: Finding) => [id, subject, message].join('\n');
  const placed = new Map(
    (config ? checkAlertmanagerConfig(config, positions) : []).map((finding) => [text(finding), finding]),
  );
  const templates = Object.keys(props.routing?.templates ?? {});
  return [
    ...blanks.findings,
    ...checkLogAlerting(props)
      .map((finding) => placed.get(text(finding)) ?? finding)
      .filter((finding) => !without(finding))
      .map((finding) =>
        finding.file && templates.includes(finding.file)
          ? { ...finding, file: `${folder}/templates/${finding.file}` }
          : finding,
      )
      .map(mustBeCorrected),
  ];
}

/** What was said of a rule because of the labels that the collector sets. */
const OF_COLLECTOR = new Set(['selector-label-unknown', 'selector-job', 'grouping-label-unknown']);

/** A rule that was right with another collector and never sees a line here is no matter of taste. */
function mustBeCorrected(finding: Finding): Finding {
  return OF_COLLECTOR.has(finding.id) ? { ...finding, severity: 'error' } : finding;
}

/** Files of one name would replace each other, and the stack has a `pipeline.yaml` of its own. */
function withNames(files: readonly RuleFile[]): RuleFile[] {
  const taken = new Set(['pipeline.yaml']);
  return files
    .filter((file) => file.groups.length > 0)
    .map((file) => {
      const stem = plainName(file.name).replace(/\.ya?ml$/, '');
      return Object.assign(file, { name: freeName(stem, '.yaml', taken) });
    });
}

function withTemplateNames(files: readonly TemplateFile[]): TemplateFile[] {
  const taken = new Set<string>();
  return different(files).map(({ file, text }) => ({
    file: freeName(plainName(file).replace(/\.tmpl$/, ''), '.tmpl', taken),
    text,
  }));
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

function readRoutes(source: SourceText): Pick<ReadConfig, 'config' | 'findings'> {
  const { config, positions, findings } = readAlertmanagerConfig(source.text, source.file);
  // Fields that are there and empty have no wrong type.
  const whole = config?.route && config.receivers;
  const missing = config && !whole ? checkAlertmanagerConfig(config, positions) : [];
  return {
    config: whole ? config : undefined,
    findings: [...findings, ...missing].map((finding) => placeIn(source, finding)),
  };
}
