import { basename } from 'node:path';
import type { Diagnosis } from '../../checks/findings';
import { type Finding, finding } from '../../checks/findings';
import { checkTemplate, notificationTemplate, templateNames } from '../../go-template';
import { didYouMean } from '../../text/did-you-mean';
import { type AlertmanagerVersion, DEFAULT_ALERTMANAGER } from '../../versions/alertmanager';
import { isOlder } from '../../versions/version';
import { sourceText } from '../../yaml/source';
import type { AlertmanagerConfig } from '../config/config';
import { ConfigFindings, type Positions, type Written } from '../config/config-findings';
import { receiverKinds } from '../receivers';
import { failureOf } from '../receivers/failure';
import { messageTemplates, type TemplateFile } from '../templates';

/**
 * Returns the names of the templates that a version of Alertmanager defines.
 * Upstream: `template/default.tmpl` and `template/email.tmpl` of prometheus/alertmanager.
 */
export function alertmanagerTemplates(version: AlertmanagerVersion): string[] {
  const has = (since: AlertmanagerVersion | undefined) => since === undefined || !isOlder(version, since);
  const ofKinds = Object.entries(receiverKinds)
    .filter(([, kind]) => has(kind.since))
    .flatMap(([name, { defaultTemplates = [], newerTemplates = {} }]) =>
      [
        ...defaultTemplates,
        ...Object.keys(newerTemplates)
          .filter(has)
          .flatMap((since) => newerTemplates[since] ?? []),
      ].map((template) => `${name}.default.${template}`),
    );
  return [...SHARED_TEMPLATES, ...ofKinds];
}

/** Parts of the templates of all kinds. */
const SHARED_TEMPLATES = [
  '__alertmanager',
  '__alertmanagerURL',
  '__description',
  '__subject',
  '__text_alert_list',
  '__text_alert_list_markdown',
];

export interface TemplatesProps {
  readonly config: AlertmanagerConfig;
  /** All files that the config's `templates` names. */
  readonly files: readonly TemplateFile[];
  /** Places in the file that the config was read from. @default none, findings only name the field */
  readonly positions?: Positions;
  /** Paths as the author of the config wrote them. @default those of the config */
  readonly written?: Written;
  /** Version that the config is for. @default the one of the manifests */
  readonly version?: AlertmanagerVersion;
}

/** Reports templates that a message or a file calls and nothing defines: Alertmanager starts, but cannot notify. */
export function checkTemplateNames({
  config,
  files,
  positions,
  written,
  version = DEFAULT_ALERTMANAGER,
}: TemplatesProps): Finding[] {
  // It is unknown what a file defines after a syntax error, which is reported separately.
  if (files.some(({ text }) => checkTemplate(text, notificationTemplate(version)).length > 0)) return [];
  const read = files.map(({ file, text, placeAt = sourceText(file, text).placeAt }) => ({
    file,
    placeAt,
    ...templateNames(text),
  }));
  // Text outside of all `define`s is a template too, named after the file.
  const known = [
    ...alertmanagerTemplates(version),
    ...read.flatMap(({ file, defined }) => [basename(file), ...defined]),
  ];
  const inFiles = read.flatMap(({ placeAt, called }) =>
    called
      .filter(({ name }) => !known.includes(name))
      .map(({ name, from }) =>
        finding('template-undefined', { ...undefinedTemplate(name, known, NO_MESSAGE), place: placeAt(from) }),
      ),
  );
  const report = new ConfigFindings(config, positions, written);
  for (const { path, text } of messageTemplates(config)) {
    const { defined, called } = templateNames(text);
    const names = new Set(called.map(({ name }) => name).filter((name) => ![...known, ...defined].includes(name)));
    for (const name of names) report.add('template-undefined', path, undefinedTemplate(name, known, failureOf(path)));
  }
  return [...inFiles, ...report.inOrder()];
}

/** Effect in a file, which receivers of any kind may call. */
const NO_MESSAGE = 'the message cannot be shown';

function undefinedTemplate(name: string, known: readonly string[], effect: string): Diagnosis {
  return {
    problem: `undefined template "${name}", so ${effect}`,
    fix: `add the file that defines it, or correct the name${didYouMean(name, known)}`,
  };
}
