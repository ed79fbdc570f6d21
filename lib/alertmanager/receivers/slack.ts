import {
  atLeastOne,
  atMostOne,
  boolean,
  type FieldRule,
  type Fields,
  isSet,
  list,
  object,
  rule,
  ruleForVersions,
  secret,
  since,
  string,
  template,
} from '../config/schema';
import { goDuration, secretUrl, url } from '../config/values';
import { httpNotifier, receiverKind } from './kind';
import type { SlackAction, SlackConfig, SlackConfirmation, SlackField, SlackGlobal } from './slack-config';
import { BOT_TOKEN_OPTIONS, checkSlackGlobal, hasToken, POST_MESSAGE_URL, tokenNotInherited } from './slack-global';

const action = object<SlackAction>(
  {
    type: template,
    text: template,
    url: template,
    style: template,
    name: template,
    value: template,
    confirm: object<SlackConfirmation>(
      { text: template, title: template, ok_text: template, dismiss_text: template },
      {},
      [atLeastOne('text')],
    ),
  },
  {},
  [atLeastOne('type'), atLeastOne('text'), atLeastOne('url', 'name')],
);

const field = object<SlackField>({ title: template, value: template, short: boolean }, {}, [
  atLeastOne('title'),
  atLeastOne('value'),
]);

/** Upstream: `validateBotTokenAPIURL` in `notify/slack/config.go`. */
const needsToken = (name: string): FieldRule =>
  rule(
    (own) => own[name] === true && (isSet(own.api_url) ? own.api_url !== POST_MESSAGE_URL : isSet(own.api_url_file)),
    { problem: 'requires a bot token', fix: 'set app_token_file instead of the webhook' },
    name,
  );

export const slack = receiverKind<SlackConfig, SlackGlobal>({
  fields: {
    ...httpNotifier,
    api_url_file: string,
    api_url: secretUrl,
    app_token_file: since('0.30.0', string),
    app_url: since('0.30.0', url),
    channel: template,
    username: template,
    color: template,
    title: template,
    title_link: template,
    pretext: template,
    text: template,
    message_text: since('0.31.0', template),
    fields: list(field),
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
    actions: list(action),
    update_message: since('0.32.0', boolean),
    post_updates_to_thread: since('0.35.0', boolean),
    timeout: since('0.30.0', goDuration),
  },
  untyped: { app_token: since('0.30.0', secret) },
  rules: [
    atMostOne('api_url', 'api_url_file', 'app_token', 'app_token_file'),
    ruleForVersions(
      { until: '0.35.0' },
      rule(
        ({ update_message, api_url }) => update_message === true && api_url !== POST_MESSAGE_URL,
        {
          problem: 'requires a bot token, and is only supported with app_token_file since 0.35.0',
          fix: `set api_url: ${POST_MESSAGE_URL} and the token as http_config.authorization, or use 0.35.0`,
        },
        'update_message',
      ),
    ),
    ...BOT_TOKEN_OPTIONS.map((name) => ruleForVersions({ since: '0.35.0' }, needsToken(name))),
  ],
  needs: [
    {
      own: ['api_url_file', 'api_url', 'app_token_file', 'app_token'],
      global: ['slack_api_url_file', 'slack_api_url', 'slack_app_token_file', 'slack_app_token'],
      notInherited: tokenNotInherited,
    },
  ],
  urls: [
    { own: 'api_url', global: 'slack_api_url', isUsed: (own, global) => !hasToken(own, global) },
    { own: 'app_url', global: 'slack_app_url', isUsed: hasToken },
  ],
  defaultTemplates: [
    'callbackid',
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
  newerTemplates: { '0.32.0': ['color'] },
  sendResolvedByDefault: false,
  minimal: { api_url_file: '/secrets/slack' },
  global: {
    fields: {
      slack_api_url_file: string,
      slack_api_url: secretUrl,
      slack_app_token_file: since('0.30.0', string),
      slack_app_url: since('0.30.0', url),
    },
    untyped: { slack_app_token: since('0.30.0', secret) },
    rules: [
      atMostOne('slack_api_url', 'slack_api_url_file'),
      atMostOne('slack_app_token', 'slack_app_token_file'),
      rule(webhookBesideToken, {
        problem: 'both a Slack webhook and a Slack app token are set',
        fix: 'keep slack_api_url_file or slack_app_token_file',
      }),
    ],
  },
  checkGlobal: checkSlackGlobal,
});

function webhookBesideToken(global: Fields): boolean {
  return (
    (isSet(global.slack_app_token) || isSet(global.slack_app_token_file)) &&
    (isSet(global.slack_api_url) || isSet(global.slack_api_url_file)) &&
    global.slack_api_url !== (global.slack_app_url ?? POST_MESSAGE_URL)
  );
}
