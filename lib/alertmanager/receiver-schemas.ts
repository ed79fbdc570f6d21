import { httpConfig, tlsConfig } from './http-schema';
import type {
  DiscordConfig,
  EmailConfig,
  MsTeamsV2Config,
  OpsgenieConfig,
  OpsgenieResponder,
  PagerdutyConfig,
  SlackAction,
  SlackConfig,
  SlackField,
  TelegramConfig,
  WebhookConfig,
} from './receivers';
import {
  atLeastOne,
  atMostOne,
  boolean,
  type FieldRule,
  integer,
  isSet,
  list,
  map,
  type ObjectOf,
  object,
  rule,
  secret,
  string,
  template,
  templates,
} from './schema';
import { goDuration, hostPort, oneOf, secretUrl, templateUrl, url } from './values';

export const notifier = { send_resolved: boolean };
export const httpNotifier = { ...notifier, http_config: httpConfig };

const slackAction = object<SlackAction>(
  {
    type: template,
    text: template,
    url: template,
    style: template,
    name: template,
    value: template,
    confirm: object<NonNullable<SlackAction['confirm']>>(
      { text: template, title: template, ok_text: template, dismiss_text: template },
      {},
      [atLeastOne('text')],
    ),
  },
  {},
  [atLeastOne('type'), atLeastOne('text'), atLeastOne('url', 'name')],
);

const slack = object<SlackConfig>(
  {
    ...httpNotifier,
    api_url_file: string,
    api_url: secretUrl,
    app_token_file: string,
    app_url: url,
    channel: template,
    username: template,
    color: template,
    title: template,
    title_link: template,
    pretext: template,
    text: template,
    message_text: template,
    fields: list(
      object<SlackField>({ title: template, value: template, short: boolean }, {}, [
        atLeastOne('title'),
        atLeastOne('value'),
      ]),
    ),
    short_fields: boolean,
    footer: template,
    fallback: template,
    callback_id: template,
    icon_emoji: template,
    icon_url: template,
    image_url: template,
    thumb_url: template,
    link_names: boolean,
    mrkdwn_in: list(string),
    actions: list(slackAction),
    update_message: boolean,
    timeout: goDuration,
  },
  { app_token: secret },
  [
    atMostOne('api_url', 'api_url_file', 'app_token', 'app_token_file'),
    rule(
      ({ update_message, api_url }) => update_message === true && api_url !== 'https://slack.com/api/chat.postMessage',
      'needs a bot token, and api_url: https://slack.com/api/chat.postMessage',
      'update_message',
    ),
  ],
);

const webhook = object<WebhookConfig>(
  {
    ...httpNotifier,
    url: templateUrl,
    url_file: string,
    max_alerts: integer,
    timeout: goDuration,
    payload: templates,
  },
  {},
  [
    atLeastOne('url', 'url_file'),
    atMostOne('url', 'url_file'),
    rule(({ max_alerts }) => max_alerts < 0, 'cannot be negative: 0 means no limit', 'max_alerts'),
  ],
);

const email = object<EmailConfig>(
  {
    ...notifier,
    to: template,
    from: template,
    smarthost: hostPort,
    hello: string,
    auth_username: string,
    auth_password_file: string,
    auth_secret_file: string,
    auth_identity: string,
    require_tls: boolean,
    tls_config: tlsConfig,
    force_implicit_tls: boolean,
    html: template,
    text: template,
    headers: map(template),
    threading: object<NonNullable<EmailConfig['threading']>>({
      enabled: boolean,
      thread_by_date: string,
    }),
  },
  { auth_password: secret, auth_secret: secret },
  [atLeastOne('to'), duplicateHeader, threadingConflict],
);

/** As Go does: `X-My-Header`, whatever the case it was written in. */
function canonical(header: string): string {
  return header.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function duplicateHeader({ headers }: { readonly headers?: object }) {
  const names = Object.keys(headers ?? {}).map(canonical);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined
    ? undefined
    : { field: 'headers', problem: `has ${twice} twice, written differently: keep one` };
}

function threadingConflict({
  headers,
  threading,
}: {
  readonly headers?: object;
  readonly threading?: EmailConfig['threading'];
}) {
  if (threading?.enabled !== true) return undefined;
  const header = Object.keys(headers ?? {})
    .map(canonical)
    .find((name) => name === 'References' || name === 'In-Reply-To');
  if (header) return { field: 'threading', problem: `sets the header ${header} itself: remove it from headers` };
  return threading.thread_by_date === 'none' || threading.thread_by_date === 'daily'
    ? undefined
    : { field: 'threading', problem: 'needs thread_by_date: none or daily' };
}

const pagerduty = object<PagerdutyConfig>(
  {
    ...httpNotifier,
    routing_key_file: string,
    service_key_file: string,
    url,
    client: template,
    client_url: template,
    description: template,
    severity: template,
    source: template,
    class: template,
    component: template,
    group: template,
    details: map(templates),
    images: list(object({ src: template, alt: template, href: template })),
    links: list(object({ href: template, text: template })),
    timeout: goDuration,
  },
  { routing_key: secret, service_key: secret },
  [
    atLeastOne('routing_key_file', 'service_key_file', 'routing_key', 'service_key'),
    atMostOne('routing_key', 'routing_key_file'),
    atMostOne('service_key', 'service_key_file'),
  ],
);

const RESPONDERS = ['team', 'teams', 'user', 'escalation', 'schedule'];

const opsgenie = object<OpsgenieConfig>(
  {
    ...httpNotifier,
    api_key_file: string,
    api_url: url,
    message: template,
    description: template,
    source: template,
    details: map(template),
    responders: list(
      object<OpsgenieResponder>(
        { id: template, name: template, username: template, type: { kind: 'string', template: 'load' } },
        {},
        [
          atLeastOne('id', 'name', 'username'),
          rule(
            ({ type = '' }) => !type.includes('{{') && !RESPONDERS.includes(type.toLowerCase()),
            `must be one of ${RESPONDERS.join(', ')}`,
            'type',
          ),
        ],
      ),
    ),
    tags: template,
    note: template,
    priority: template,
    update_alerts: boolean,
    entity: template,
    actions: template,
  },
  { api_key: secret },
  [atMostOne('api_key', 'api_key_file')],
);

/** A webhook URL or a file that holds it, exactly one. */
export const webhookUrlRules: readonly FieldRule[] = [
  atLeastOne('webhook_url_file', 'webhook_url'),
  atMostOne('webhook_url', 'webhook_url_file'),
];

const msteamsv2 = object<MsTeamsV2Config>(
  { ...httpNotifier, webhook_url_file: string, webhook_url: secretUrl, title: template, text: template },
  {},
  webhookUrlRules,
);

const telegram = object<TelegramConfig>(
  {
    ...httpNotifier,
    bot_token_file: string,
    chat_id: integer,
    chat_id_file: string,
    message_thread_id: integer,
    api_url: url,
    message: template,
    disable_notifications: boolean,
    parse_mode: oneOf('Markdown', 'MarkdownV2', 'HTML', ''),
  },
  { bot_token: secret },
  [
    atMostOne('bot_token', 'bot_token_file'),
    rule(
      ({ chat_id, chat_id_file }) => !chat_id && !isSet(chat_id_file),
      'one of chat_id and chat_id_file must be set',
    ),
    rule(
      ({ chat_id, chat_id_file }) => !!chat_id && isSet(chat_id_file),
      'only one of chat_id and chat_id_file may be set: remove the other',
      'chat_id_file',
    ),
  ],
);

const discord = object<DiscordConfig>(
  {
    ...httpNotifier,
    webhook_url_file: string,
    webhook_url: secretUrl,
    title: template,
    message: template,
    content: template,
    username: template,
    avatar_url: template,
  },
  {},
  webhookUrlRules,
);

/** The receivers that have types, by their field. */
export const typedReceivers: Readonly<Record<string, ObjectOf>> = {
  slack_configs: slack,
  webhook_configs: webhook,
  email_configs: email,
  pagerduty_configs: pagerduty,
  opsgenie_configs: opsgenie,
  msteamsv2_configs: msteamsv2,
  telegram_configs: telegram,
  discord_configs: discord,
};
