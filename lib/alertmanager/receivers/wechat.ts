import { atMostOne, secret, since, string, template } from '../config/schema';
import { oneOfWords, url } from '../config/values';
import { type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * A WeChat Work message. Upstream: `notify/wechat/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#wechat_config
 */
export interface WechatConfig extends HttpNotifier {
  /** File that holds the API secret; required here or globally. @default the global `wechat_api_secret_file` */
  readonly api_secret_file?: string;
  /** ID of the company; required here or globally. @default the global `wechat_api_corp_id` */
  readonly corp_id?: TemplateText;
  /** @default the global `wechat_api_url` */
  readonly api_url?: string;
  readonly message?: TemplateText;
  /** @default 'text' */
  readonly message_type?: 'text' | 'markdown' | '';
  readonly agent_id?: TemplateText;
  readonly to_user?: TemplateText;
  readonly to_party?: TemplateText;
  readonly to_tag?: TemplateText;
}

export interface WechatGlobal {
  /** @default 'https://qyapi.weixin.qq.com/cgi-bin/' */
  readonly wechat_api_url?: string;
  readonly wechat_api_corp_id?: string;
  readonly wechat_api_secret_file?: string;
}

export const wechat = receiverKind<WechatConfig, WechatGlobal>({
  fields: {
    ...httpNotifier,
    api_secret_file: since('0.31.0', string),
    corp_id: template,
    api_url: url,
    message: template,
    message_type: oneOfWords('text', 'markdown', ''),
    agent_id: template,
    to_user: template,
    to_party: template,
    to_tag: template,
  },
  untyped: { api_secret: secret },
  rules: [atMostOne('api_secret', 'api_secret_file')],
  needs: [
    { own: ['api_secret_file', 'api_secret'], global: ['wechat_api_secret_file', 'wechat_api_secret'] },
    { own: ['corp_id'], global: ['wechat_api_corp_id'] },
  ],
  urls: [{ own: 'api_url', global: 'wechat_api_url' }],
  defaultTemplates: ['agent_id', 'message', 'to_party', 'to_tag', 'to_user'],
  sendResolvedByDefault: false,
  minimal: { api_secret_file: '/secrets/wechat', corp_id: 'corp' },
  global: {
    fields: { wechat_api_url: url, wechat_api_corp_id: string, wechat_api_secret_file: since('0.31.0', string) },
    untyped: { wechat_api_secret: secret },
    rules: [atMostOne('wechat_api_secret', 'wechat_api_secret_file')],
  },
});
