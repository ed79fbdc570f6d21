import { atMostOne, boolean, secret, since, string, template } from '../config/schema';
import { goDurationText } from '../config/values';
import { type GoDuration, type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * A Pushover message. Upstream: `notify/pushover/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#pushover_config
 */
export interface PushoverConfig extends HttpNotifier {
  /** File that holds the user's key. */
  readonly user_key_file?: string;
  /** File that holds the application's token. */
  readonly token_file?: string;
  readonly title?: TemplateText;
  readonly message?: TemplateText;
  /** Link below the message. */
  readonly url?: TemplateText;
  readonly url_title?: TemplateText;
  /** @default all devices */
  readonly device?: TemplateText;
  /** @default the user's own */
  readonly sound?: TemplateText;
  /** From -2 to 2. @default 2, emergency, while firing; 0 when resolved */
  readonly priority?: TemplateText;
  /** Time between two reminders of an emergency message. @default '1m' */
  readonly retry?: GoDuration;
  /** Time after which reminders of an emergency message stop. @default '1h' */
  readonly expire?: GoDuration;
  /** Time after which the message is deleted. @default never */
  readonly ttl?: GoDuration;
  /** HTML in the message. At most one of `html` and `monospace`. @default false */
  readonly html?: boolean;
  /** @default false */
  readonly monospace?: boolean;
}

export const pushover = receiverKind<PushoverConfig>({
  fields: {
    ...httpNotifier,
    user_key_file: string,
    token_file: string,
    title: template,
    message: template,
    url: template,
    url_title: template,
    device: template,
    sound: template,
    priority: template,
    retry: goDurationText,
    expire: goDurationText,
    ttl: goDurationText,
    html: boolean,
    monospace: since('0.29.0', boolean),
  },
  untyped: { user_key: secret, token: secret },
  rules: [atMostOne('user_key', 'user_key_file'), atMostOne('token', 'token_file'), atMostOne('html', 'monospace')],
  needs: [{ own: ['user_key_file', 'user_key'] }, { own: ['token_file', 'token'] }],
  defaultTemplates: ['message', 'title', 'url'],
  sendResolvedByDefault: true,
  minimal: { user_key_file: '/secrets/pushover-user', token_file: '/secrets/pushover-token' },
});
