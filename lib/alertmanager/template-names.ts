import { basename } from 'node:path';
import { didYouMean } from '../did-you-mean';
import type { Finding } from '../findings';
import { checkTemplate, NOTIFICATION_TEMPLATE, templateNames } from '../go-template';
import { sourceText } from '../rules/read';
import type { AlertmanagerConfig } from './config';
import { type Positions, Report } from './report';
import { messageTemplates, type TemplateFile } from './templates';

/** By receiver, what Alertmanager's own templates are called behind `<receiver>.default.`. */
const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  discord: ['content', 'message', 'title'],
  email: ['html', 'subject'],
  jira: ['description', 'priority', 'summary'],
  mattermost: ['color', 'fallback', 'text', 'title', 'titlelink', 'username'],
  msteams: ['summary', 'text', 'title'],
  msteamsv2: ['text', 'title'],
  opsgenie: ['description', 'message', 'source'],
  pagerduty: ['client', 'clientURL', 'description', 'instances'],
  pushover: ['message', 'title', 'url'],
  rocketchat: ['alias', 'emoji', 'iconurl', 'text', 'title', 'titlelink'],
  slack: [
    'callbackid',
    'color',
    'fallback',
    'footer',
    'iconemoji',
    'iconurl',
    'pretext',
    'text',
    'title',
    'titlelink',
    'username',
  ],
  sns: ['message', 'subject'],
  telegram: ['message'],
  victorops: ['entity_display_name', 'monitoring_tool', 'state_message'],
  webex: ['message'],
  wechat: ['agent_id', 'message', 'to_party', 'to_tag', 'to_user'],
};

/**
 * The templates that Alertmanager brings.
 * Upstream: `template/default.tmpl` and `template/email.tmpl` of prometheus/alertmanager 0.35.
 */
export const ALERTMANAGER_TEMPLATES: readonly string[] = [
  '__alertmanager',
  '__alertmanagerURL',
  '__description',
  '__subject',
  '__text_alert_list',
  '__text_alert_list_markdown',
  ...Object.entries(DEFAULTS).flatMap(([receiver, names]) => names.map((name) => `${receiver}.default.${name}`)),
];

/**
 * Templates that a message or a file calls and nothing defines: Alertmanager starts, and sends no message when it must.
 *
 * @param files all that the config's `templates` names
 */
export function checkTemplateNames(
  config: AlertmanagerConfig,
  files: readonly TemplateFile[],
  positions?: Positions,
): Finding[] {
  // What a file with an error defines behind it is not known, and the error is told by itself.
  if (files.some(({ text }) => checkTemplate(text, NOTIFICATION_TEMPLATE).length > 0)) return [];
  const read = files.map(({ file, text }) => ({ source: sourceText(file, text), ...templateNames(text) }));
  // What stands outside of every `define` is a template too, of the file's name.
  const known = [
    ...ALERTMANAGER_TEMPLATES,
    ...read.flatMap(({ source, defined }) => [basename(source.file), ...defined]),
  ];
  const inFiles = read.flatMap(({ source, called }) =>
    called
      .filter(({ name }) => !known.includes(name))
      .map(
        ({ name, from }): Finding => ({
          id: 'template-undefined',
          severity: 'error',
          message: undefinedTemplate(name, known),
          ...source.placeAt(from),
        }),
      ),
  );
  const report = new Report(config, positions);
  for (const { file: path, text } of messageTemplates(config)) {
    const { defined, called } = templateNames(text);
    const names = new Set(called.map(({ name }) => name).filter((name) => ![...known, ...defined].includes(name)));
    for (const name of names) report.error('template-undefined', path, undefinedTemplate(name, known));
  }
  return [...inFiles, ...report.inOrder()];
}

function undefinedTemplate(name: string, known: readonly string[]): string {
  return `no template is called '${name}', so Alertmanager could not send the message, when it must: add the file that defines it, or write another name${didYouMean(name, known)}`;
}
