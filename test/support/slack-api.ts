import type { SinkAnswer, SinkRequest } from '../../lib/engines';

/** A message of the stand-in. */
export interface SlackMessage {
  readonly ts: string;
  /** ID of its channel. */
  readonly channel: string;
  /** `ts` of the message whose thread it is in. @default none, it is in the channel */
  readonly thread_ts?: string;
  /** Content as last written. */
  readonly content: SlackContent;
  readonly edits: number;
}

/** Fields of a request that make up the message. */
export interface SlackContent {
  readonly text?: string;
  readonly attachments?: readonly Readonly<Record<string, unknown>>[];
  readonly username?: string;
}

interface SlackArguments extends SlackContent {
  readonly channel?: string;
  readonly ts?: string;
  readonly thread_ts?: string;
}

/** Workspace that the app is installed in. */
export interface SlackWorkspace {
  /** Valid bot tokens. @default any */
  readonly tokens?: readonly string[];
  /** IDs of the channels that the app is a member of, by name such as `#alerts`. @default any name, also as its ID */
  readonly channels?: Readonly<Record<string, string>>;
  /** Channels that it is not a member of. @default none */
  readonly others?: readonly string[];
}

/** Characters of a text, from which on Slack truncates it. */
const TEXT_LIMIT = 40_000;
const ATTACHMENTS_LIMIT = 100;

/** First `ts`, microseconds. */
const FIRST_TS = 1_700_000_000_000_001n;

/**
 * A stand-in for the methods `chat.postMessage` and `chat.update` of Slack's API, with its errors, which have status
 * 200, and its limits. It knows attachments, which Alertmanager sends, and no blocks.
 * @see https://docs.slack.dev/reference/methods/chat.postMessage
 * @see https://docs.slack.dev/reference/methods/chat.update
 */
export class SlackApi {
  private readonly byTs = new Map<string, SlackMessage>();
  private readonly failures: SinkAnswer[] = [];
  private posted = 0n;

  constructor(private readonly workspace: SlackWorkspace = {}) {}

  /** Messages in the order in which they were posted. */
  get messages(): readonly SlackMessage[] {
    return [...this.byTs.values()];
  }

  /** Deletes a message, as someone in the channel may do. */
  delete(ts: string): void {
    this.byTs.delete(ts);
  }

  /** Answers the next request with an error such as `is_archived`. */
  failNext(error: string): void {
    this.failures.push(refusal(error));
  }

  /** Answers the next request with status 429. @param retryAfter seconds */
  limitNext(retryAfter: number): void {
    this.failures.push({
      ...refusal('ratelimited'),
      status: 429,
      headers: { ...JSON_TYPE, 'Retry-After': `${retryAfter}` },
    });
  }

  /** Returns the response to a request, and keeps its message. */
  answer(request: SinkRequest): SinkAnswer {
    const failure = this.failures.shift();
    if (failure) return failure;
    const method = /^\/api\/(?<name>chat\.\w+)$/.exec(request.path)?.groups?.name;
    if (method !== 'chat.postMessage' && method !== 'chat.update') return refusal('unknown_method');
    const { tokens } = this.workspace;
    const token = /^Bearer (?<token>.+)$/.exec(request.headers.authorization ?? '')?.groups?.token;
    if (token === undefined) return refusal('not_authed');
    if (tokens && !tokens.includes(token)) return refusal('invalid_auth');
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return refusal('invalid_post_type');
    const given = parse(request.body);
    if (given === undefined) return refusal('invalid_json');
    return method === 'chat.update' ? this.update(given) : this.post(given);
  }

  private post({ channel: name = '', thread_ts, ...content }: SlackArguments): SinkAnswer {
    const { channels, others = [] } = this.workspace;
    if (others.includes(name)) return refusal('not_in_channel');
    const isId = Object.values(channels ?? {}).includes(name);
    const channel = channels === undefined || isId ? name : channels[name];
    if (!channel) return refusal('channel_not_found');
    if (thread_ts !== undefined && !/^\d+\.\d{6}$/.test(thread_ts)) return refusal('invalid_thread_ts');
    const wrong = contentError(content);
    if (wrong) return refusal(wrong);
    const at = `${FIRST_TS + this.posted++}`;
    const ts = `${at.slice(0, -6)}.${at.slice(-6)}`;
    // Observed of Slack, not documented: the reply to a deleted message is posted in the channel.
    const thread = thread_ts !== undefined && this.byTs.get(thread_ts)?.channel === channel ? { thread_ts } : {};
    this.byTs.set(ts, { ts, channel, ...thread, content: truncated(content), edits: 0 });
    return success({ channel, ts, message: { ...content, ...thread, ts } }, content);
  }

  private update({ channel, ts = '', thread_ts: _, ...content }: SlackArguments): SinkAnswer {
    const { channels } = this.workspace;
    // Slack documents an ID here, and for chat.postMessage an ID or a name.
    if (!channel || (channels && !Object.values(channels).includes(channel))) return refusal('channel_not_found');
    const message = this.byTs.get(ts);
    if (message?.channel !== channel) return refusal('message_not_found');
    const wrong = contentError(content);
    if (wrong) return refusal(wrong);
    // Attachments that are left out stay.
    const written = { ...message.content, ...truncated(content) };
    this.byTs.set(ts, { ...message, content: written, edits: message.edits + 1 });
    return success({ channel, ts, text: content.text ?? '' }, content);
  }
}

function contentError({ text = '', attachments = [] }: SlackContent): string | undefined {
  if (attachments.length > ATTACHMENTS_LIMIT) return 'too_many_attachments';
  const shown = attachments.some(({ title, pretext, text: body, fallback, fields, image_url }) =>
    [title, pretext, body, fallback, fields, image_url].some(Boolean),
  );
  return text === '' && !shown ? 'no_text' : undefined;
}

function truncated(content: SlackContent): SlackContent {
  return isTooLong(content) ? { ...content, text: content.text?.slice(0, TEXT_LIMIT) } : content;
}

function isTooLong({ text = '' }: SlackContent): boolean {
  return text.length > TEXT_LIMIT;
}

const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };

function refusal(error: string): SinkAnswer {
  return { headers: JSON_TYPE, body: JSON.stringify({ ok: false, error }) };
}

/** @see https://api.slack.com/changelog/2018-04-truncating-really-long-messages */
function success(result: object, content: SlackContent): SinkAnswer {
  const warnings = isTooLong(content) ? { response_metadata: { warnings: ['message_truncated'] } } : {};
  return { headers: JSON_TYPE, body: JSON.stringify({ ok: true, ...result, ...warnings }) };
}

function parse(body: string): SlackArguments | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
