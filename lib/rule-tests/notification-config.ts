import { basename, relative } from 'node:path';
import { checkAlertmanagerConfig } from '../alertmanager/checks/check-config';
import { withoutWaivers } from '../alertmanager/checks/waivers';
import type { AlertmanagerConfig, Receiver, Route } from '../alertmanager/config/config';
import { readAlertmanagerConfig } from '../alertmanager/config/read';
import { readTemplateFiles } from '../alertmanager/read-templates';
import { configsField, integrationsOf } from '../alertmanager/receivers';
import { finding } from '../checks/findings';
import { objectKind } from '../kubernetes-objects/objects';
import { scanYaml } from '../rules/read';
import { loadText } from '../yaml/load';
import { parseYaml } from '../yaml/parse';
import { placeIn, type SourceText } from '../yaml/source';
import { BadInput } from './bad-input';

/** Routes and receivers of a project, with their templates. */
export interface NotificationConfig {
  readonly config: AlertmanagerConfig;
  /** Texts of the template files, by a name. */
  readonly templates: Readonly<Record<string, string>>;
}

/**
 * Reads alertmanager.yml with its templates, or a manifest that has them in a ConfigMap or a Secret.
 * @throws {BadInput} for what can't be read, and for what Alertmanager would refuse
 */
export function readNotificationConfig(path: string): NotificationConfig {
  const source = loadText(path);
  const refuse = (problem: string, fix: string) =>
    new BadInput([finding('rule-test', { problem, fix, place: { file: relative('.', path) } })]);
  if ('id' in source) throw refuse(source.problem, 'correct "alertmanager_config", which is relative to the test file');
  const found = scanYaml(source).alertmanager.find(({ beside }) => beside);
  if (!found && holdsObjects(source)) {
    throw refuse(
      'no alertmanager.yml in a ConfigMap or a Secret',
      'set "alertmanager_config" to alertmanager.yml, or to a manifest with it',
    );
  }
  const origin = found ?? source;
  const config = readConfig(origin);
  const templates = readTemplateFiles(config, origin).map(({ file, text }, i) => [`${i}-${basename(file)}`, text]);
  return { config, templates: Object.fromEntries(templates) };
}

function holdsObjects({ text }: SourceText): boolean {
  const { documents, problems } = parseYaml(text);
  return problems.length === 0 && documents.some((document) => objectKind(document));
}

function readConfig(source: SourceText): AlertmanagerConfig {
  const { config, findings, positions } = readAlertmanagerConfig(source.text, source.file);
  const all = [...findings, ...(config ? checkAlertmanagerConfig(config, { positions }) : [])];
  // A secret in it is between its author and `loki-alerts check`: here it goes nowhere.
  const errors = all.filter(({ severity, id }) => severity === 'error' && id !== 'inline-secret');
  if (errors.length > 0 || !config) throw new BadInput(errors.map((found) => placeIn(source, found)));
  return withoutWaivers(config);
}

/** Time for all alerts of a group to arrive, and to be inhibited, before their message. */
const SOON = '200ms';

/** Kinds of integration whose own messages are rendered. */
const RENDERED = ['slack', 'webhook'];

/** Where a request of the sink came from: the place of its receiver and integration. */
export interface NotificationSource {
  readonly receiver: string;
  /** `slack`, `webhook`, or what it stands for: `email`, `pagerduty` … */
  readonly type: string;
  readonly sendResolved: boolean;
}

/** A configuration for tests, and its integrations by the path of their requests. */
export interface TestableConfig {
  readonly config: object;
  readonly files: Readonly<Record<string, string>>;
  readonly integrations: ReadonlyMap<string, NotificationSource>;
}

/**
 * The same routes, inhibition, receivers and templates, with timers shortened, without times of day, and with every
 * integration sending to the sink. Slack and webhooks send the messages that they would; other integrations send
 * Alertmanager's plain webhook, which shows who is told of what.
 */
export function testableConfig({ config, templates }: NotificationConfig, sink: string): TestableConfig {
  const integrations = new Map<string, NotificationSource>();
  const redirect = (receiver: Receiver, r: number): object => {
    const redirected: Record<string, object[]> = {};
    for (const { name: type, kind, index, config } of integrationsOf(receiver)) {
      const path = `/${r}/${type}/${index}`;
      const integration: IntegrationConfig = { ...config };
      const sendResolved = integration.send_resolved ?? kind.sendResolvedByDefault;
      integrations.set(path, { receiver: receiver.name, type, sendResolved });
      const target = configsField(RENDERED.includes(type) ? type : 'webhook');
      redirected[target] = [
        ...(redirected[target] ?? []),
        { ...rendered(type, integration, sink + path), send_resolved: sendResolved },
      ];
    }
    return { name: receiver.name, ...redirected };
  };
  return {
    config: {
      route: soon(config.route),
      receivers: config.receivers.map(redirect),
      inhibit_rules: config.inhibit_rules,
      templates: ['templates/*'],
    },
    // A file without a template: the pattern must match something.
    files: Object.fromEntries([
      ['templates/none', ''],
      ...Object.entries(templates).map(([name, text]) => [`templates/${name}`, text]),
    ]),
    integrations,
  };
}

interface IntegrationConfig {
  readonly send_resolved?: boolean;
  readonly callback_id?: string;
  readonly [option: string]: unknown;
}

/** How to reach the receiver: replaced, since the sink needs none of it. */
const TRANSPORT = [
  'api_url',
  'api_url_file',
  'app_token',
  'app_token_file',
  'app_url',
  'url',
  'url_file',
  'http_config',
];

function rendered(type: string, integration: IntegrationConfig, url: string): object {
  if (!RENDERED.includes(type)) return { url };
  const message = Object.fromEntries(Object.entries(integration).filter(([option]) => !TRANSPORT.includes(option)));
  // Slack's message does not tell its status otherwise.
  return type === 'slack' ? { ...message, api_url: url, callback_id: '{{ .Status }}' } : { ...message, url };
}

function soon(route: AlertmanagerConfig['route'] | Route): object {
  const { mute_time_intervals: _mute, active_time_intervals: _active, routes, ...rest } = route as Route;
  return { ...rest, group_wait: SOON, group_interval: SOON, repeat_interval: '24h', routes: routes?.map(soon) };
}
