import { isSecretName, looksRandom } from './names';

/**
 * Hosts whose webhook URLs are credentials, with a pattern that distinguishes webhooks from other pages of the host.
 */
const WEBHOOKS: Readonly<Record<string, RegExp>> = {
  'hooks.slack.com': /^\/(services|workflows|triggers)\/[^/]/,
  'hooks.slack-gov.com': /^\/(services|workflows|triggers)\/[^/]/,
  'discord.com': /^\/api\/(v\d+\/)?webhooks\/[^/]/,
  'discordapp.com': /^\/api\/(v\d+\/)?webhooks\/[^/]/,
  'webhook.office.com': /^\/[^/]/,
  'outlook.office.com': /^\/webhook\/[^/]/,
  'logic.azure.com': /\/triggers\/.*[?&]sig=/,
  'api.powerplatform.com': /\/triggers\/.*[?&]sig=/,
  'chat.googleapis.com': /^\/v1\/spaces\/.*[?&](key|token)=/,
  'hooks.zapier.com': /^\/[^/]/,
  'hc-ping.com': /^\/[^/]/,
  'nosnch.in': /^\/[^/]/,
  'cronitor.link': /^\/[^/]/,
  'heartbeat.uptimerobot.com': /^\/[^/]/,
  'open.feishu.cn': /^\/open-apis\/bot\//,
  'open.larksuite.com': /^\/open-apis\/bot\//,
  'oapi.dingtalk.com': /[?&]access_token=/,
  'qyapi.weixin.qq.com': /[?&]key=/,
  'api.telegram.org': /^\/bot\d+:/,
  'events.pagerduty.com': /^\/integration\/[^/]/,
  'alert.victorops.com': /^\/integrations\/generic\/.*\/alert\/[^/]/,
};

/** Hosts that also have API URLs without credentials, so that the host alone is not enough. */
const API_HOSTS = new Set(['outlook.office.com', 'api.telegram.org', 'events.pagerduty.com', 'alert.victorops.com']);

function webhookHost(hostname: string): string | undefined {
  return Object.keys(WEBHOOKS).find((host) => hostname === host || hostname.endsWith(`.${host}`));
}

/**
 * Returns why the URL of a receiver is a credential, undefined if it looks harmless. Such a URL must be in a file,
 * because manifests are committed and shown.
 */
export function credentialIn(url: string): string | undefined {
  if (url === '<secret>') return 'is what Alertmanager shows instead of a secret, not the secret';
  if (!URL.canParse(url)) return undefined;
  const { hostname, username, password, pathname, searchParams } = new URL(url);
  if (username || password) return 'contains a user name or password';
  const host = webhookHost(hostname);
  if (host !== undefined && (!API_HOSTS.has(host) || isWebhook(url))) {
    return `is a webhook of ${hostname}, and anyone with its URL can post there`;
  }
  if ([...searchParams.keys()].some(isSecretName)) return 'contains a token as a parameter';
  if (pathname.split('/').some((segment) => /^[\w:-]*$/.test(segment) && looksRandom(segment)))
    return 'contains what looks like a token';
  return undefined;
}

/** Returns whether a URL in a message is a webhook: URLs of documents and commits are also long and random. */
export function isWebhook(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, pathname, search } = new URL(url);
  const host = webhookHost(hostname);
  if (host !== undefined && WEBHOOKS[host]?.test(`${pathname}${search}`)) return true;
  const segments = pathname.split('/');
  const hook = segments.findIndex((segment) => /^(incoming-?)?(web)?hooks?$/i.test(segment));
  return hook >= 0 && segments.slice(hook + 1).some(looksRandom);
}
