import type { AlertmanagerConfig, GlobalConfig, Receiver } from '../../lib/alertmanager/config/config';

export interface GlobalCase extends AlertmanagerConfig {
  /** Version of Alertmanager. @default the newest */
  readonly version?: string;
}

const withGlobal = (global: GlobalConfig & object, integrations: Omit<Receiver, 'name'>): GlobalCase => ({
  global,
  route: { receiver: 'r' },
  receivers: [{ name: 'r', ...integrations }],
});
const slack = (global: GlobalConfig & object, config: object) => withGlobal(global, { slack_configs: [config] });

const AUTHORIZATION = { authorization: { credentials_file: '/b' } };
const TOKEN = { slack_app_token_file: '/t' };
/** Deprecated, so the types leave it out. */
const BEARER = { bearer_token_file: '/b' } as object;
const POST_MESSAGE = 'https://slack.com/api/chat.postMessage';

/** Configs that Alertmanager rejects because `global` and a receiver contradict each other. */
export const contradictions: Readonly<Record<string, GlobalCase & { readonly expected: RegExp }>> = {
  'the app token of global, and an authorization': {
    ...slack(TOKEN, { http_config: AUTHORIZATION }),
    expected:
      /missing field "api_url_file" \(global\.slack_app_token_file is not inherited: http_config has an authorization/,
  },
  'the app token of global, and an empty authorization': {
    ...slack(TOKEN, { http_config: { authorization: {} } }),
    expected: /is not inherited/,
  },
  'the app token of global, and a bearer token': {
    ...slack(TOKEN, { http_config: BEARER }),
    expected: /is not inherited/,
  },
  'the app token of global, and the authorization of global': {
    ...slack({ ...TOKEN, http_config: AUTHORIZATION }, {}),
    expected: /authorization cannot be combined with a Slack app token/,
  },
  'the app token of global, a webhook in a file, and the authorization of global': {
    ...slack({ ...TOKEN, http_config: AUTHORIZATION }, { api_url_file: '/a' }),
    expected: /authorization cannot be combined with a Slack app token/,
  },
  'an app token, and the authorization of global': {
    ...slack({ http_config: AUTHORIZATION }, { app_token_file: '/t' }),
    expected: /authorization cannot be combined with a Slack app token/,
  },
  'an app token, and an authorization': {
    ...slack({}, { app_token_file: '/t', http_config: AUTHORIZATION }),
    expected: /authorization cannot be combined with a Slack app token/,
  },
  'updates of messages through the webhook of global': {
    ...slack({ slack_api_url: 'http://mattermost.svc/hooks' }, { update_message: true }),
    expected: /update_message: requires a bot token, but global sets a webhook/,
  },
  'threads through a webhook in a file of global': {
    ...slack({ slack_api_url_file: '/a' }, { post_updates_to_thread: true }),
    expected: /post_updates_to_thread: requires a bot token, but global sets a webhook/,
  },
  'threads through a webhook in a file': {
    ...slack(TOKEN, { post_updates_to_thread: true, api_url_file: '/a' }),
    expected: /post_updates_to_thread: requires a bot token/,
  },
  'threads through another app_url of global': {
    ...slack({ ...TOKEN, slack_app_url: 'http://slack.svc/api' }, { post_updates_to_thread: true }),
    expected: /post_updates_to_thread: is only supported with app_url https:/,
  },
  'an authorization of global where Webex needs its own': {
    ...withGlobal({ http_config: AUTHORIZATION }, { webex_configs: [{ room_id: 'x', http_config: {} }] }),
    expected: /missing authorization with the bot token/,
  },
  'an authorization of global where incident.io has an http_config': {
    ...withGlobal({ http_config: AUTHORIZATION }, { incidentio_configs: [{ url_file: '/a', http_config: {} }] }),
    expected: /neither alert_source_token_file nor http_config.authorization is set/,
  },
  'only one of the two tokens of Rocket.Chat': {
    ...withGlobal({ rocketchat_token_file: '/t' }, { rocketchat_configs: [{ channel: 'a' }] }),
    expected: /missing field "token_id_file"/,
  },
  'only one of the two credentials of WeChat': {
    ...withGlobal({ wechat_api_secret_file: '/t' }, { wechat_configs: [{}] }),
    expected: /missing field "corp_id"/,
  },
};

/** Configs that look contradictory but that Alertmanager accepts. */
export const harmless: Readonly<Record<string, GlobalCase>> = {
  'the app token of global, and basic authentication': slack(TOKEN, {
    http_config: { basic_auth: { username: 'x', password_file: '/b' } },
  }),
  'the app token of global, an authorization, and a webhook': slack(TOKEN, {
    api_url_file: '/a',
    http_config: AUTHORIZATION,
  }),
  'the app token of global, the authorization of global, and an http_config': slack(
    { ...TOKEN, http_config: AUTHORIZATION },
    { http_config: {} },
  ),
  'updates of messages through the app token of global': slack(TOKEN, { update_message: true }),
  'threads with an app token': slack({}, { app_token_file: '/t', post_updates_to_thread: true }),
  'a token as authorization, as before app tokens': slack(
    { slack_api_url: POST_MESSAGE },
    { update_message: true, http_config: AUTHORIZATION },
  ),
  'an authorization of global beside a token of incident.io': withGlobal(
    { http_config: AUTHORIZATION },
    { incidentio_configs: [{ url_file: '/a', alert_source_token_file: '/dev/null' }] },
  ),
};
