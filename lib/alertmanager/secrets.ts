import type { Path } from '../findings';

/** Hosts whose webhook URLs are credentials. */
const WEBHOOK_HOSTS = [
  'hooks.slack.com',
  'hooks.slack-gov.com',
  'discord.com',
  'discordapp.com',
  'webhook.office.com',
  'logic.azure.com',
  'api.powerplatform.com',
  'chat.googleapis.com',
  'hooks.zapier.com',
  'hc-ping.com',
  'nosnch.in',
  'cronitor.link',
  'heartbeat.uptimerobot.com',
  'open.feishu.cn',
  'open.larksuite.com',
  'oapi.dingtalk.com',
  'qyapi.weixin.qq.com',
];

/** Names of query parameters that carry credentials. */
const SECRET_PARAMETER = /^(.*[_-])?(token|key|apikey|secret|sig|signature|password|auth|code)$/i;

/** Whether what has this name, a parameter or a header for instance, is most likely a credential. */
export function isSecretName(name: string): boolean {
  return SECRET_PARAMETER.test(name);
}

/**
 * Why a URL is a credential, undefined when it looks harmless. A URL that is one belongs in a file, because what is
 * synthesized is committed and shown.
 */
export function credentialIn(url: string): string | undefined {
  if (url === '<secret>') return 'is what Alertmanager shows instead of a secret, not the secret';
  if (!URL.canParse(url)) return undefined;
  const { hostname, username, password, pathname, searchParams } = new URL(url);
  if (username || password) return 'holds a user name or password';
  if (WEBHOOK_HOSTS.some((host) => hostname === host || hostname.endsWith(`.${host}`))) {
    return `is a webhook of ${hostname}, and whoever has its URL can post there`;
  }
  if ([...searchParams.keys()].some(isSecretName)) return 'holds a token as a parameter';
  if (pathname.split('/').some(looksRandom)) return 'holds what looks like a token';
  return undefined;
}

/** The field beside the credential at a path that takes a file instead; undefined where Alertmanager has none. */
export function fileField(path: Path): string | undefined {
  const field = nameOf(path);
  if (field === 'secret_key' && path.includes('sigv4')) return undefined;
  if (path.includes('proxy_connect_header')) return undefined;
  if (field === 'url' && path[0] === 'event_recorder') return undefined;
  return field === 'secrets' ? 'files' : `${field}_file`;
}

/** What to do about a credential that no file can take the place of. */
export function adviceWithoutFile(path: Path): string {
  if (path.includes('sigv4')) return 'remove access_key and secret_key, and give the pod a role of AWS';
  if (path.includes('proxy_url') || path.includes('proxy_connect_header')) return 'use a proxy that needs no password';
  if (nameOf(path).endsWith('url'))
    return 'remove it from the URL, and use http_config.basic_auth with a password_file';
  return 'remove it, or use what needs none';
}

/** The field at a path, also of the item of a list. */
function nameOf(path: Path): string {
  return String(path.findLast((part) => typeof part === 'string') ?? '');
}

/** `scheme://user:password@`, anywhere in a text. */
const PASSWORD_IN_URL = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:[^\s/?#@]+@/i;

/** Whether a text is or holds a URL with a password in it. */
export function holdsPassword(text: string): boolean {
  return PASSWORD_IN_URL.test(text);
}

/** Long, without words: letters and digits mixed, as generated tokens are. */
function looksRandom(segment: string): boolean {
  return /^[A-Za-z0-9_:-]{20,}$/.test(segment) && (segment.match(/\d/g)?.length ?? 0) >= 4 && /[A-Za-z]/.test(segment);
}
