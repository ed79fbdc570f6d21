import type { AlertmanagerConfig } from './config';
import { fieldPath, itemPath, type Report } from './report';
import { type Fields, isSet } from './schema';

/**
 * What a receiver needs and takes from `global`, as groups of which one field must be set: first the receiver's own,
 * then the global ones. Upstream: `Config.UnmarshalYAML` in `config/config.go`.
 */
const NEEDS: Readonly<
  Record<string, readonly { readonly own: readonly string[]; readonly global: readonly string[] }[]>
> = {
  slack_configs: [
    {
      own: ['api_url_file', 'api_url', 'app_token_file', 'app_token'],
      global: ['slack_api_url_file', 'slack_api_url', 'slack_app_token_file', 'slack_app_token'],
    },
  ],
  email_configs: [
    { own: ['smarthost'], global: ['smtp_smarthost'] },
    { own: ['from'], global: ['smtp_from'] },
  ],
  opsgenie_configs: [{ own: ['api_key_file', 'api_key'], global: ['opsgenie_api_key_file', 'opsgenie_api_key'] }],
  telegram_configs: [
    { own: ['bot_token_file', 'bot_token'], global: ['telegram_bot_token_file', 'telegram_bot_token'] },
  ],
  victorops_configs: [{ own: ['api_key_file', 'api_key'], global: ['victorops_api_key_file', 'victorops_api_key'] }],
  wechat_configs: [
    { own: ['api_secret_file', 'api_secret'], global: ['wechat_api_secret_file', 'wechat_api_secret'] },
    { own: ['corp_id'], global: ['wechat_api_corp_id'] },
  ],
  jira_configs: [{ own: ['api_url'], global: ['jira_api_url'] }],
  rocketchat_configs: [
    { own: ['token_id_file', 'token_id'], global: ['rocketchat_token_id_file', 'rocketchat_token_id'] },
    { own: ['token_file', 'token'], global: ['rocketchat_token_file', 'rocketchat_token'] },
  ],
  mattermost_configs: [
    { own: ['webhook_url_file', 'webhook_url'], global: ['mattermost_webhook_url_file', 'mattermost_webhook_url'] },
  ],
};

/**
 * What receivers need beside what their own fields say.
 * @param hasGlobal whether who wrote the config could have written `global`
 */
export function checkReceivers(config: AlertmanagerConfig, report: Report, hasGlobal: boolean): void {
  const global: Fields = config.global ?? {};
  (config.receivers ?? []).forEach((receiver, index) => {
    for (const [kind, needs] of Object.entries(NEEDS)) {
      const configs = ((receiver as Fields)[kind] ?? []) as readonly Fields[];
      configs.forEach((fields, at) => {
        const path = itemPath(fieldPath(itemPath('receivers', index), kind), at);
        for (const need of needs) {
          if (need.own.some((name) => isSet(fields[name])) || need.global.some((name) => isSet(global[name]))) continue;
          const elsewhere = hasGlobal ? `, or global.${need.global[0]}` : '';
          const message = `Alertmanager would not start without ${need.own[0]}: add it here${elsewhere}`;
          report.error('receiver-incomplete', path, message);
        }
        if (kind === 'slack_configs') checkSlackAuthorization(fields, global, path, report);
      });
    }
  });
}

/** A bot token is sent as authorization, so there cannot be another one. */
function checkSlackAuthorization(fields: Fields, global: Fields, path: string, report: Report): void {
  const client: Fields | undefined = fields.http_config ?? global.http_config;
  const authorization = isSet(client?.authorization) || isSet(client?.bearer_token) || isSet(client?.bearer_token_file);
  const own = isSet(fields.app_token) || isSet(fields.app_token_file);
  // The global token is for receivers without a webhook URL and without an authorization of their own.
  const inherits =
    !isSet(fields.http_config?.authorization) &&
    !isSet(fields.http_config?.bearer_token_file) &&
    !isSet(fields.http_config?.bearer_token) &&
    !isSet(fields.api_url) &&
    (isSet(global.slack_app_token) || isSet(global.slack_app_token_file));
  if (!authorization || !(own || inherits)) return;
  const message =
    'has an authorization of its own beside the Slack app token, which is sent as one: remove http_config.authorization';
  report.error('receiver-incomplete', path, message);
}
