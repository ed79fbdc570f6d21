/** A Slack message from Alertmanager. */
export interface SlackMessage {
  /** Unix time of its arrival in milliseconds. */
  readonly time: number;
  readonly channel: string;
  readonly title: string;
  readonly text: string;
}

/**
 * The fields of a webhook's request body that Alertmanager sets.
 * @see https://api.slack.com/reference/messaging/attachments
 */
interface WebhookBody {
  readonly channel: string;
  readonly attachments: readonly { readonly title: string; readonly text: string }[];
}

/** Parses a request body that Alertmanager sent to Slack. @throws if it is not JSON or has no attachment */
export function readSlackMessage(body: string, time: number): SlackMessage {
  const { channel, attachments } = JSON.parse(body) as WebhookBody;
  const [attachment] = attachments;
  if (!attachment) throw new Error(`Slack message without an attachment: ${body}`);
  return { time, channel, title: attachment.title, text: attachment.text };
}

/**
 * Parses the log of the slack-inbox: one JSON object per request, among nginx's own lines. Empty requests are skipped.
 */
export function readInboxLog(log: string): SlackMessage[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { time: string; body: string })
    .filter(({ body }) => body !== '')
    .map(({ time, body }) => readSlackMessage(body, Date.parse(time)));
}

/** Emoji of the names in the stack's template, as Slack shows them. */
const EMOJI: Readonly<Record<string, string>> = {
  ':fire:': '🔥',
  ':white_check_mark:': '✅',
  ':chart_with_upwards_trend:': '📈',
  ':bar_chart:': '📊',
  ':scroll:': '📜',
  ':spiral_note_pad:': '🗒️',
};

/** Returns the message as text for a terminal, similar to Slack: with emoji, full links, and a bar on the left. */
export function renderSlackMessage({ channel, title, text }: SlackMessage): string {
  const shown = `*${title}*\n${text.trimEnd()}`
    .split('```\n')
    // Blocks of code are shown as they are.
    .map((part, index) => (index % 2 === 1 ? part.replaceAll(/^(?=.)/gm, '  ') : withoutMarkup(part)))
    .join('')
    .replaceAll(/&(lt|gt|amp);/g, (_, name: string) => CHARACTERS[name] as string);
  return [`  Slack ${channel}`, ...shown.split('\n').map((line) => `  ┃ ${line}`)].join('\n');
}

/** Characters that Slack's markup escapes. */
const CHARACTERS: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&' };

function withoutMarkup(text: string): string {
  return text
    .replaceAll(/:[a-z_]+:/g, (name) => EMOJI[name] ?? name)
    .replaceAll(/<([^|>]+)\|([^>]+)>/g, '$2 $1')
    .replaceAll(/\*([^*\n]+)\*/g, '$1')
    .replaceAll('`', '');
}
