import { isSecretName, looksRandom } from './names';

/** Hosts whose webhook URLs are credentials, each with the path of a webhook where the host has other pages too. */
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

/** Hosts with other addresses that are asked for and are no credential, so that the host alone tells nothing. */
const ALSO_AN_API = new Set(['outlook.office.com', 'api.telegram.org', 'events.pagerduty.com', 'alert.victorops.com']);

function webhookHost(hostname: string): string | undefined {
  return Object.keys(WEBHOOKS).find((host) => hostname === host || hostname.endsWith(`.${host}`));
}

/**
 * Returns why a URL that something is posted to is a credential, undefined if it looks harmless. Such a URL belongs in a
 * file, because what is synthesized is committed and shown.
 */
export function credentialIn(url: string): string | undefined {
  if (url === '<secret>') return 'is what Alertmanager shows instead of a secret, not the secret';
  if (!URL.canParse(url)) return undefined;
  const { hostname, username, password, pathname, searchParams } = new URL(url);
  if (username || password) return 'contains a user name or password';
  const host = webhookHost(hostname);
  if (host !== undefined && (!ALSO_AN_API.has(host) || isWebhook(url))) {
    return `is a webhook of ${hostname}, and its URL is enough to post there`;
  }
  if ([...searchParams.keys()].some(isSecretName)) return 'contains a token as a parameter';
  if (pathname.split('/').some((segment) => /^[\w:-]*$/.test(segment) && looksRandom(segment)))
    return 'contains what looks like a token';
  return undefined;
}

/** Returns whether a URL in a text for people is a webhook: links to documents and commits are long and random too. */
export function isWebhook(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, pathname, search } = new URL(url);
  const host = webhookHost(hostname);
  if (host !== undefined && WEBHOOKS[host]?.test(`${pathname}${search}`)) return true;
  const segments = pathname.split('/');
  const hook = segments.findIndex((segment) => /^(incoming-?)?(web)?hooks?$/i.test(segment));
  return hook >= 0 && segments.slice(hook + 1).some(looksRandom);
}
