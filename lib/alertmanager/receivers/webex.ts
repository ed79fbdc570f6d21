import type { HttpConfig } from '../config/http-config';
import { authorizes } from '../config/http-schema';
import { rule, template } from '../config/schema';
import { url } from '../config/values';
import { httpNotifier, type Notifier, receiverKind, type TemplateText } from './kind';

/**
 * A Webex message. Upstream: `notify/webex/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#webex_config
 */
export interface WebexConfig extends Notifier {
  /** Requires `authorization` with the bot's token; that of the global `http_config` is not used. */
  readonly http_config: HttpConfig;
  /** @default the global `webex_api_url` */
  readonly api_url?: string;
  readonly room_id: TemplateText;
  readonly message?: TemplateText;
}

export interface WebexGlobal {
  /** @default 'https://webexapis.com/v1/messages' */
  readonly webex_api_url?: string;
}

export const webex = receiverKind<WebexConfig, WebexGlobal>({
  fields: { ...httpNotifier, api_url: url, room_id: template, message: template },
  rules: [
    rule(
      ({ http_config }) => !authorizes(http_config),
      { problem: 'missing authorization with the bot token', fix: 'add http_config.authorization.credentials_file' },
      'http_config',
    ),
  ],
  needs: [{ own: ['room_id'] }],
  urls: [{ own: 'api_url', global: 'webex_api_url' }],
  defaultTemplates: ['message'],
  sendResolvedByDefault: true,
  minimal: { room_id: 'room', http_config: { authorization: { credentials_file: '/secrets/webex' } } },
  global: { fields: { webex_api_url: url } },
});
