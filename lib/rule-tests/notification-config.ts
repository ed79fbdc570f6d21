import { basename, relative } from 'node:path';
import { checkAlertmanagerConfig } from '../alertmanager/checks/check-config';
import { checkTemplateExecution } from '../alertmanager/checks/template-execution';
import { withoutWaivers } from '../alertmanager/checks/waivers';
import type { AlertmanagerConfig, Receiver, Route } from '../alertmanager/config/config';
import { readAlertmanagerConfig } from '../alertmanager/config/read';
import { type ConfigOrigin, readTemplateFiles } from '../alertmanager/read-templates';
import { configsField, integrationsOf } from '../alertmanager/receivers';
import { BOT_TOKEN_OPTIONS, POST_MESSAGE_URL } from '../alertmanager/receivers/slack-global';
import { type Finding, finding } from '../checks/findings';
import type { SinkAnswer, SinkRequest } from '../engines';
import { objectKind } from '../kubernetes-objects/objects';
import { scanYaml } from '../rules/read';
import { loadText } from '../yaml/load';
import { parseYaml } from '../yaml/parse';
import { placeIn, type SourceText } from '../yaml/source';
import { BadInput } from './bad-input';

/** An Alertmanager configuration with its templates. */
export interface NotificationConfig {
  readonly config: AlertmanagerConfig;
  /** Texts of the template files by file name. */
  readonly templates: Readonly<Record<string, string>>;
}

/**
 * Reads alertmanager.yml with its templates, or a manifest with them in a ConfigMap or a Secret.
 * @throws {BadInput} for a file that cannot be read or that Alertmanager would reject
 */
export function readNotificationConfig(path: string): NotificationConfig {
  const source = loadText(path);
  const rejection = (problem: string, fix: string) =>
    new BadInput([finding('rule-test', { problem, fix, place: { file: relative('.', path) } })]);
  if ('id' in source)
    throw rejection(source.problem, 'correct "alertmanager_config", a path relative to the test file');
  const found = scanYaml(source).alertmanager.find(({ beside }) => beside);
  if (!found && holdsObjects(source)) {
    throw rejection(
      'no alertmanager.yml in a ConfigMap or a Secret',
      'set "alertmanager_config" to alertmanager.yml, or to a manifest that contains it',
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

function readConfig(source: SourceText & ConfigOrigin): AlertmanagerConfig {
  const { config, findings, positions } = readAlertmanagerConfig(source.text, source.file);
  const messages = config && { config, positions, files: readTemplateFiles(config, source) };
  const all = [
    ...findings,
    ...(messages ? [...checkAlertmanagerConfig(messages.config, messages), ...checkTemplateExecution(messages)] : []),
  ];
  // `loki-alerts check` reports inline secrets; tests send them nowhere.
  const errors = all.filter(({ severity, id }) => severity === 'error' && id !== 'inline-secret');
  if (errors.length > 0 || !config) {
    const inSource = ({ place }: Finding) => place?.file === source.file;
    throw new BadInput(errors.map((found) => (inSource(found) ? placeIn(source, found) : found)));
  }
  return withoutWaivers(config);
}

/** Group timers of tests: long enough for all alerts of a group to arrive, and to be inhibited, before its message. */
const SOON = '200ms';

/** Kinds of integrations whose messages tests can compare. */
const RENDERED = ['slack', 'webhook'];

/** The integration that sent a request to the sink. */
export interface NotificationSource {
  readonly receiver: string;
  /** Kind of the integration: `slack`, `webhook`, `email`, `pagerduty` … */
  readonly type: string;
  readonly sendResolved: boolean;
  /** Number of requests for a second or later message about the same alerts. */
  readonly updates: number;
}

/** A configuration for tests, and its integrations by request path. */
export interface TestableConfig {
  readonly config: object;
  readonly files: Readonly<Record<string, string>>;
  readonly integrations: ReadonlyMap<string, NotificationSource>;
}

/**
 * Returns the configuration with the same routes, inhibition rules, receivers and templates, but with short timers,
 * without time intervals, and with all integrations sending to the sink. Slack and webhook integrations send their real
 * messages; the others send Alertmanager's default webhook payload, which shows the receiver and its alerts.
 */
export function testableConfig({ config, templates }: NotificationConfig, sink: string): TestableConfig {
  const integrations = new Map<string, NotificationSource>();
  const redirect = (receiver: Receiver, r: number): object => {
    const redirected: Record<string, object[]> = {};
    for (const { name: type, kind, index, config } of integrationsOf(receiver)) {
      const path = `/${r}/${type}/${index}`;
      const integration: IntegrationConfig = { ...config };
      const updates = updateOptions(type, integration).length;
      const sendResolved = integration.send_resolved ?? kind.sendResolvedByDefault;
      integrations.set(path, { receiver: receiver.name, type, sendResolved, updates: updates || 1 });
      const target = configsField(RENDERED.includes(type) ? type : 'webhook');
      redirected[target] = [
        ...(redirected[target] ?? []),
        {
          ...(updates > 0 ? renderedByApp(integration, sink, path) : rendered(type, integration, sink + path)),
          send_resolved: sendResolved,
        },
      ];
    }
    return { name: receiver.name, ...redirected };
  };
  return {
    config: {
      route: withShortTimers(config.route),
      receivers: config.receivers.map(redirect),
      inhibit_rules: config.inhibit_rules,
      templates: ['templates/*'],
    },
    // Alertmanager requires that the pattern matches a file.
    files: Object.fromEntries([
      ['templates/none', ''],
      ...Object.entries(templates).map(([name, text]) => [`templates/${name}`, text]),
    ]),
    integrations,
  };
}

/**
 * Separates a Slack message's status, which it has no field for, from its channel: the last field that Alertmanager
 * renders, so that it is empty if the template of any field fails. An update has the channel of the first message, and
 * its own status in its text, which is rendered before.
 */
export const STATUS_MARK = '\u0001';
const MARKED_STATUS = `${STATUS_MARK}{{ .Status }}`;

interface IntegrationConfig {
  readonly send_resolved?: boolean;
  readonly channel?: string;
  readonly message_text?: string;
  readonly [option: string]: unknown;
}

/** Options that address a receiver, which the sink's address replaces. */
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
  const message = withoutTransport(integration);
  if (type !== 'slack') return { ...message, url };
  return { ...message, api_url: url, channel: `${integration.channel ?? ''}${MARKED_STATUS}` };
}

function withoutTransport(integration: IntegrationConfig): object {
  return Object.fromEntries(Object.entries(integration).filter(([option]) => !TRANSPORT.includes(option)));
}

/** Returns the options by which a Slack app updates its messages. */
function updateOptions(type: string, integration: IntegrationConfig): string[] {
  return type === 'slack' ? BOT_TOKEN_OPTIONS.filter((option) => integration[option] === true) : [];
}

/**
 * Returns the integration of a Slack app. Alertmanager only updates messages of the real Slack, so the sink is its
 * proxy, and the token shows the integration.
 */
function renderedByApp(integration: IntegrationConfig, sink: string, token: string): object {
  return {
    ...withoutTransport(integration),
    // Not app_token, which Alertmanager before 0.35 does not combine with update_message.
    api_url: POST_MESSAGE_URL,
    http_config: {
      authorization: { credentials: token },
      proxy_url: sink,
      tls_config: { insecure_skip_verify: true },
    },
    message_text: `${integration.message_text ?? ''}${MARKED_STATUS}`,
    channel: `${integration.channel ?? ''}${MARKED_STATUS}`,
  };
}

/** Returns the integration that sent a request, by its token or path. */
export function integrationId({ headers, path }: SinkRequest): string {
  return headers.authorization?.replace(/^Bearer /, '') ?? path;
}

/** Returns the response of Slack: of its API, which has the ID of the message, or of a webhook. */
export function slackAnswer({ path, body }: SinkRequest): SinkAnswer {
  if (!path.startsWith('/api/')) return { body: 'ok' };
  const { channel } = JSON.parse(body) as { readonly channel?: string };
  const answer = { ok: true, channel, ts: '1700000000.000001' };
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(answer) };
}

function withShortTimers(route: AlertmanagerConfig['route'] | Route): object {
  const { mute_time_intervals: _mute, active_time_intervals: _active, routes, ...rest } = route as Route;
  return {
    ...rest,
    group_wait: SOON,
    group_interval: SOON,
    repeat_interval: '24h',
    routes: routes?.map(withShortTimers),
  };
}
