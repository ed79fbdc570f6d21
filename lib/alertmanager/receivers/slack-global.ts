import type { AlertmanagerVersion } from '../../versions/alertmanager';
import { isOlder } from '../../versions/version';
import { authorizes } from '../config/http-schema';
import { type Fields, isSet } from '../config/schema';
import type { GlobalProblem } from './kind';

/** Default API URL for messages with a bot token. */
export const POST_MESSAGE_URL = 'https://slack.com/api/chat.postMessage';

/** Options that require a bot token. */
export const BOT_TOKEN_OPTIONS = ['update_message', 'post_updates_to_thread'];

const OWN_TOKEN = ['app_token_file', 'app_token'];
const GLOBAL_TOKEN = ['slack_app_token_file', 'slack_app_token'];

/** The global token is not inherited if the integration has its own authorization, as opposed to the global one. */
export function tokenNotInherited(config: Fields): { fields: readonly string[]; reason: string } | undefined {
  return authorizes(config.http_config)
    ? { fields: GLOBAL_TOKEN, reason: 'http_config has an authorization of its own' }
    : undefined;
}

const any = (fields: Fields, names: readonly string[]) => names.some((name) => isSet(fields[name]));

function inheritsToken(own: Fields, global: Fields): boolean {
  return !any(own, OWN_TOKEN) && any(global, GLOBAL_TOKEN) && !isSet(own.api_url) && !authorizes(own.http_config);
}

/** Returns whether a Slack integration sends with an app token, its own or that of `global`, and not to a webhook. */
export function hasToken(own: Fields, global: Fields): boolean {
  return any(own, OWN_TOKEN) || inheritsToken(own, global);
}

/**
 * Returns contradictions between a Slack integration and `global`. Upstream: the loop over `SlackConfigs` in
 * `Config.UnmarshalYAML` of `config/config.go`.
 */
export function checkSlackGlobal(own: Fields, global: Fields, version: AlertmanagerVersion): GlobalProblem[] {
  return [
    ...(hasToken(own, global) && authorizes(own.http_config ?? global.http_config) ? [AUTHORIZED_TWICE] : []),
    ...(inheritsToken(own, global) && isSet(own.api_url_file) ? [WEBHOOK_IGNORED] : []),
    ...(isOlder(version, '0.35.0') ? [] : withoutToken(own, global)),
  ];
}

const AUTHORIZED_TWICE: GlobalProblem = {
  severity: 'error',
  problem: 'http_config.authorization cannot be combined with a Slack app token, which is sent as authorization',
  fix: 'remove http_config.authorization',
};

const WEBHOOK_IGNORED: GlobalProblem = {
  severity: 'warning',
  field: 'api_url_file',
  problem: 'has no effect: the Slack app token of global takes precedence',
  fix: 'remove it, or move the token to the receivers that need it',
};

/** Reports options that require a bot token, if the integration inherits its webhook from `global`. */
function withoutToken(own: Fields, global: Fields): GlobalProblem[] {
  if (isSet(own.api_url) || isSet(own.api_url_file)) return [];
  const byToken = hasToken(own, global);
  const url = byToken ? (own.app_url ?? global.slack_app_url ?? POST_MESSAGE_URL) : global.slack_api_url;
  if (url === POST_MESSAGE_URL || (!isSet(url) && !isSet(global.slack_api_url_file))) return [];
  const wrong = byToken
    ? { problem: `is only supported with app_url ${POST_MESSAGE_URL}`, fix: 'remove the other app_url' }
    : { problem: 'requires a bot token, but global sets a webhook', fix: 'set app_token_file here' };
  return BOT_TOKEN_OPTIONS.filter((name) => own[name] === true).map((field) => ({
    severity: 'error',
    field,
    ...wrong,
  }));
}
