import { atLeastOne, atMostOne, boolean, list, object, type Schema, since, string, template } from '../config/schema';
import { secretUrl } from '../config/values';
import { type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/** The parts of a Mattermost message, or of one of its attachments. */
export interface MattermostAttachment {
  readonly fallback?: TemplateText;
  /** `#rrggbb`. */
  readonly color?: TemplateText;
  readonly pretext?: TemplateText;
  readonly text?: TemplateText;
  readonly author_name?: TemplateText;
  readonly author_link?: TemplateText;
  readonly author_icon?: TemplateText;
  readonly title?: TemplateText;
  readonly title_link?: TemplateText;
  readonly fields?: readonly MattermostField[];
  readonly thumb_url?: TemplateText;
  readonly footer?: TemplateText;
  readonly footer_icon?: TemplateText;
  readonly image_url?: TemplateText;
}

export interface MattermostField {
  readonly title: TemplateText;
  readonly value: TemplateText;
  /** Displays the field next to others. @default false */
  readonly short?: boolean;
}

export interface MattermostPriority {
  /** `standard`, `important` or `urgent`. */
  readonly priority?: TemplateText;
  readonly requested_ack?: boolean;
  readonly persistent_notifications?: boolean;
}

/**
 * A Mattermost message. Upstream: `notify/mattermost/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#mattermost_config
 */
export interface MattermostConfig extends HttpNotifier, MattermostAttachment {
  /** File that holds the webhook URL; required here or globally. @default the global `mattermost_webhook_url_file` */
  readonly webhook_url_file?: string;
  /** Webhook URL that is not a secret, e.g. of a service in the cluster. */
  readonly webhook_url?: string;
  /** @default the webhook's own channel */
  readonly channel?: TemplateText;
  readonly username?: TemplateText;
  readonly icon_url?: TemplateText;
  readonly icon_emoji?: TemplateText;
  /** @default one, from the fields above */
  readonly attachments?: readonly MattermostAttachment[];
  /** @default a plain post */
  readonly type?: string;
  readonly props?: { readonly card?: TemplateText };
  readonly priority?: MattermostPriority;
}

export interface MattermostGlobal {
  readonly mattermost_webhook_url_file?: string;
}

const attachment = {
  fallback: template,
  color: template,
  pretext: template,
  text: template,
  author_name: template,
  author_link: template,
  author_icon: template,
  title: template,
  title_link: template,
  fields: list(
    object<MattermostField>({ title: template, value: template, short: boolean }, {}, [
      atLeastOne('title'),
      atLeastOne('value'),
    ]),
  ),
  thumb_url: template,
  footer: template,
  footer_icon: template,
  image_url: template,
};

/** Outside of `attachments`, all but `text` were introduced later. */
const own = Object.fromEntries(
  Object.entries<Schema>(attachment).map(([name, field]) => [name, name === 'text' ? field : since('0.32.0', field)]),
) as typeof attachment;

export const mattermost = receiverKind<MattermostConfig, MattermostGlobal>({
  since: '0.30.0',
  fields: {
    ...httpNotifier,
    ...own,
    webhook_url_file: string,
    webhook_url: secretUrl,
    channel: template,
    username: template,
    icon_url: template,
    icon_emoji: template,
    attachments: list(object<MattermostAttachment>(attachment)),
    type: string,
    props: object<{ card?: TemplateText }>({ card: template }),
    priority: object<MattermostPriority>({
      priority: template,
      requested_ack: boolean,
      persistent_notifications: boolean,
    }),
  },
  rules: [atMostOne('webhook_url', 'webhook_url_file')],
  needs: [
    {
      own: ['webhook_url_file', 'webhook_url'],
      global: ['mattermost_webhook_url_file', 'mattermost_webhook_url'],
    },
  ],
  urls: [{ own: 'webhook_url', global: 'mattermost_webhook_url' }],
  defaultTemplates: ['text'],
  newerTemplates: { '0.32.0': ['color', 'fallback', 'title', 'titlelink', 'username'] },
  sendResolvedByDefault: true,
  minimal: { webhook_url_file: '/secrets/mattermost' },
  global: {
    fields: { mattermost_webhook_url_file: since('0.32.0', string) },
    untyped: { mattermost_webhook_url: since('0.32.0', secretUrl) },
    rules: [atMostOne('mattermost_webhook_url', 'mattermost_webhook_url_file')],
  },
});
