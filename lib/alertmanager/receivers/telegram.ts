import { atMostOne, boolean, integer, secret, since, string, template } from '../config/schema';
import { goDuration, oneOfWords, url } from '../config/values';
import { type GoDuration, type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * A Telegram message. Upstream: `notify/telegram/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#telegram_config
 */
export interface TelegramConfig extends HttpNotifier {
  /** File that holds the bot's token; required here or globally. @default the global `telegram_bot_token_file` */
  readonly bot_token_file?: string;
  /** Exactly one of `chat_id` and `chat_id_file`. */
  readonly chat_id?: number;
  readonly chat_id_file?: string;
  /** Topic in the chat. @default none */
  readonly message_thread_id?: number;
  /** @default the global `telegram_api_url` */
  readonly api_url?: string;
  readonly message?: TemplateText;
  /** Sends without a sound. @default false */
  readonly disable_notifications?: boolean;
  /** `''` is plain text. @default 'HTML' */
  readonly parse_mode?: 'Markdown' | 'MarkdownV2' | 'HTML' | '';
  /** Timeout of one request. @default '0s', none of its own */
  readonly timeout?: GoDuration;
}

export interface TelegramGlobal {
  /** @default 'https://api.telegram.org' */
  readonly telegram_api_url?: string;
  readonly telegram_bot_token_file?: string;
}

export const telegram = receiverKind<TelegramConfig, TelegramGlobal>({
  fields: {
    ...httpNotifier,
    bot_token_file: string,
    chat_id: integer,
    chat_id_file: since('0.31.0', string),
    message_thread_id: integer,
    api_url: url,
    message: template,
    disable_notifications: boolean,
    parse_mode: oneOfWords('Markdown', 'MarkdownV2', 'HTML', ''),
    timeout: since('0.35.0', goDuration),
  },
  untyped: { bot_token: secret },
  rules: [atMostOne('bot_token', 'bot_token_file'), atMostOne('chat_id', 'chat_id_file')],
  needs: [
    { own: ['chat_id', 'chat_id_file'] },
    { own: ['bot_token_file', 'bot_token'], global: ['telegram_bot_token_file', 'telegram_bot_token'] },
  ],
  urls: [{ own: 'api_url', global: 'telegram_api_url' }],
  defaultTemplates: ['message'],
  sendResolvedByDefault: true,
  minimal: { bot_token_file: '/secrets/telegram', chat_id: -1001234567890 },
  global: {
    fields: { telegram_api_url: url, telegram_bot_token_file: since('0.31.0', string) },
    untyped: { telegram_bot_token: since('0.31.0', secret) },
    rules: [atMostOne('telegram_bot_token', 'telegram_bot_token_file')],
  },
});
