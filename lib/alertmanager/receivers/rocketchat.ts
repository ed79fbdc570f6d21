import { atMostOne, boolean, list, object, secret, since, string, template } from '../config/schema';
import { url } from '../config/values';
import { type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * A Rocket.Chat message. Upstream: `notify/rocketchat/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#rocketchat_config
 */
export interface RocketchatConfig extends HttpNotifier {
  /** @default the global `rocketchat_api_url` */
  readonly api_url?: string;
  /** File that holds the token's id; required here or globally. @default the global `rocketchat_token_id_file` */
  readonly token_id_file?: string;
  /** File that holds the token; required here or globally. @default the global `rocketchat_token_file` */
  readonly token_file?: string;
  /** `#channel` or `@user`. */
  readonly channel?: TemplateText;
  /** @default red while firing, green when resolved */
  readonly color?: TemplateText;
  readonly title?: TemplateText;
  readonly title_link?: TemplateText;
  readonly text?: TemplateText;
  /** Text in desktop and push notifications. @default none */
  readonly message_text?: TemplateText;
  readonly fields?: readonly RocketchatField[];
  /** Displays fields side by side. @default false */
  readonly short_fields?: boolean;
  readonly emoji?: TemplateText;
  readonly icon_url?: TemplateText;
  readonly image_url?: TemplateText;
  readonly thumb_url?: TemplateText;
  /** @default false */
  readonly link_names?: boolean;
  readonly actions?: readonly RocketchatAction[];
}

export interface RocketchatField {
  /** @default the config's `short_fields` */
  readonly short?: boolean;
  readonly title?: TemplateText;
  readonly value?: TemplateText;
}

/** A button. Upstream sets no YAML names for its fields, so Go's YAML library expects them in lower case. */
export interface RocketchatAction {
  readonly type?: TemplateText;
  readonly text?: TemplateText;
  readonly url?: TemplateText;
  readonly imageurl?: TemplateText;
  readonly iswebview?: boolean;
  readonly webviewheightratio?: TemplateText;
  readonly msg?: TemplateText;
  readonly msginchatwindow?: boolean;
  readonly msgprocessingtype?: TemplateText;
}

export interface RocketchatGlobal {
  /** @default 'https://open.rocket.chat/' */
  readonly rocketchat_api_url?: string;
  readonly rocketchat_token_file?: string;
  readonly rocketchat_token_id_file?: string;
}

const field = object<RocketchatField>({ short: boolean, title: template, value: template });
const action = object<RocketchatAction>({
  type: template,
  text: template,
  url: template,
  imageurl: template,
  iswebview: boolean,
  webviewheightratio: template,
  msg: template,
  msginchatwindow: boolean,
  msgprocessingtype: template,
});

export const rocketchat = receiverKind<RocketchatConfig, RocketchatGlobal>({
  fields: {
    ...httpNotifier,
    api_url: url,
    token_id_file: string,
    token_file: string,
    channel: template,
    color: template,
    title: template,
    title_link: template,
    text: template,
    message_text: since('0.35.0', template),
    fields: list(field),
    short_fields: boolean,
    emoji: template,
    icon_url: template,
    image_url: template,
    thumb_url: template,
    link_names: boolean,
    actions: list(action),
  },
  untyped: { token_id: secret, token: secret },
  rules: [atMostOne('token', 'token_file'), atMostOne('token_id', 'token_id_file')],
  needs: [
    { own: ['token_id_file', 'token_id'], global: ['rocketchat_token_id_file', 'rocketchat_token_id'] },
    { own: ['token_file', 'token'], global: ['rocketchat_token_file', 'rocketchat_token'] },
  ],
  urls: [{ own: 'api_url', global: 'rocketchat_api_url' }],
  defaultTemplates: ['alias', 'emoji', 'iconurl', 'text', 'title', 'titlelink'],
  sendResolvedByDefault: false,
  minimal: { token_id_file: '/secrets/rocketchat-id', token_file: '/secrets/rocketchat' },
  global: {
    fields: { rocketchat_api_url: url, rocketchat_token_file: string, rocketchat_token_id_file: string },
    untyped: { rocketchat_token: secret, rocketchat_token_id: secret },
    rules: [
      atMostOne('rocketchat_token', 'rocketchat_token_file'),
      atMostOne('rocketchat_token_id', 'rocketchat_token_id_file'),
    ],
  },
});
