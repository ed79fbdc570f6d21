/** A Slack message as Alertmanager sends it: an incoming webhook's request body. */
export interface SlackMessage {
  /** Unix time of its arrival in milliseconds. */
  readonly time: number;
  readonly channel: string;
  readonly title: string;
  readonly text: string;
}

/** The part of a webhook's body that Alertmanager fills. @see https://api.slack.com/reference/messaging/attachments */
interface WebhookBody {
  readonly channel: string;
  readonly attachments: readonly { readonly title: string; readonly text: string }[];
}

/** Reads a request body that Alertmanager sent to Slack. @throws if it is no JSON or no message with an attachment */
export function readSlackMessage(body: string, time: number): SlackMessage {
  const { channel, attachments } = JSON.parse(body) as WebhookBody;
  const [attachment] = attachments;
  if (!attachment) throw new Error(`a Slack message without an attachment: ${body}`);
  return { time, channel, title: attachment.title, text: attachment.text };
}

/** Reads the log of the slack-inbox: a JSON object a request, between nginx's own lines. Visits without a body are none. */
export function readInboxLog(log: string): SlackMessage[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { time: string; body: string })
    .filter(({ body }) => body !== '')
    .map(({ time, body }) => readSlackMessage(body, Date.parse(time)));
}

/** What Slack shows instead of the emoji names that the stack's template uses. */
const EMOJI: Readonly<Record<string, string>> = {
  ':fire:': '🔥',
  ':white_check_mark:': '✅',
  ':chart_with_upwards_trend:': '📈',
  ':bar_chart:': '📊',
  ':scroll:': '📜',
  ':spiral_note_pad:': '🗒️',
};

/** The message as text for a terminal, near to what Slack shows: emoji, links written out, a bar at the left. */
export function renderSlackMessage({ channel, title, text }: SlackMessage): string {
  const shown = `*${title}*\n${text.trimEnd()}`
    .replaceAll(/:[a-z_]+:/g, (name) => EMOJI[name] ?? name)
    .replaceAll(/<([^|>]+)\|([^>]+)>/g, '$2 $1')
    .replaceAll(/\*([^*\n]+)\*/g, '$1')
    .replaceAll('`', '');
  return [`  Slack ${channel}`, ...shown.split('\n').map((line) => `  ┃ ${line}`)].join('\n');
}
