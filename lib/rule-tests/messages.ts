import { isDeepStrictEqual } from 'node:util';
import type { SinkRequest } from '../engines';
import type { Comparison } from './compare';
import { type NotificationSource, STATUS_MARK } from './notification-config';
import type { ExpectedNotification, SentAs } from './test-file';

/** A message as received. */
export interface Message {
  readonly receiver: string;
  readonly type: string;
  /** Undefined for a webhook with a custom payload. */
  readonly status?: string;
  /** Undefined for other integrations than Slack. */
  readonly sentAs?: SentAs;
  /** JSON body of the request. */
  readonly body: unknown;
  /** Reason for which it is not the intended message. @default none */
  readonly failure?: string;
}

/** Returns the message in a request to the sink. */
export function toMessage({ body }: SinkRequest, { receiver, type }: NotificationSource): Message {
  const parsed = parseJson(body) as SlackBody & { readonly status?: string };
  if (type !== 'slack') return { receiver, type, status: parsed?.status, body: parsed };
  const { channel: marked = '', text: markedText = '', ...message } = parsed;
  const [channel, firstStatus] = marked.split(STATUS_MARK);
  const [text, ownStatus] = markedText.split(STATUS_MARK);
  const isUpdate = message.ts !== undefined || message.thread_ts !== undefined;
  const status = isUpdate ? ownStatus : firstStatus;
  return {
    receiver,
    type,
    status,
    sentAs: message.ts !== undefined ? 'edit' : message.thread_ts !== undefined ? 'thread' : 'post',
    body: { ...message, ...(text && { text }), ...(channel && { channel }) },
    ...(status === undefined && { failure: TEMPLATE_FAILED }),
  };
}

interface SlackBody {
  readonly channel?: string;
  readonly text?: string;
  /** Of the message that is edited. */
  readonly ts?: string;
  /** Of the message that is replied to. */
  readonly thread_ts?: string;
}

const TEMPLATE_FAILED = 'a template fails, so all fields after it are empty';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Fields of a Slack attachment; channel and username are fields of the message. */
const ATTACHMENT = ['title', 'title_link', 'pretext', 'text', 'fallback', 'footer', 'color'] as const;
const WHOLE = ['channel', 'username'] as const;

/** Compares messages in any order: all expected messages must exist, and no others. */
export function compareMessages(expected: readonly ExpectedNotification[], messages: readonly Message[]): Comparison {
  const left = [...messages];
  const pairs: { wanted: ExpectedNotification; got?: object }[] = expected.map((wanted) => {
    const index = left.findIndex((message) => isDeepStrictEqual(wanted, view(message, wanted)));
    const [message] = index < 0 ? [] : left.splice(index, 1);
    return { wanted, got: message && wanted };
  });
  // A missing message is shown next to the closest actual one: the same receiver and status.
  for (const pair of pairs.filter(({ got }) => !got)) {
    const index = left.findIndex(
      ({ receiver, status, failure }) =>
        receiver === pair.wanted.receiver && (status === pair.wanted.status || failure !== undefined),
    );
    const [message] = index < 0 ? [] : left.splice(index, 1);
    if (message) pair.got = view(message, pair.wanted);
  }
  const got = [...pairs.flatMap((pair) => pair.got ?? []), ...left.map(summary)];
  const failed = messages.some(({ failure }) => failure !== undefined);
  return { passed: isDeepStrictEqual(expected, got), expected, got, ...(failed && { failed }) };
}

/** Returns the fields of a message that an expectation has, in the same order. */
function view(message: Message, wanted: ExpectedNotification): object {
  const fields = Object.keys(wanted).map((field) => [
    field,
    fieldOf(message, field as keyof ExpectedNotification, wanted),
  ]);
  return { ...Object.fromEntries(fields), ...failureOf(message) };
}

function fieldOf(message: Message, field: keyof ExpectedNotification, wanted: ExpectedNotification): unknown {
  if (field === 'receiver') return message.receiver;
  if (field === 'status') return message.status;
  if (field === 'sent_as') return message.sentAs ?? '';
  if (field === 'body') return narrowed(message.body, wanted.body);
  if (field === 'links') {
    const links = linksIn(message.body);
    return wanted.links?.every((link) => links.includes(link)) ? wanted.links : links;
  }
  return slackField(message, field);
}

function slackField({ body }: Message, field: (typeof ATTACHMENT | typeof WHOLE)[number]): unknown {
  const message = body as { attachments?: Record<string, unknown>[] } & Record<string, unknown>;
  const value = (WHOLE as readonly string[]).includes(field) ? message?.[field] : message?.attachments?.[0]?.[field];
  return value ?? '';
}

/** Returns the relevant fields of an unexpected message. */
function summary(message: Message): object {
  const { receiver, status, type, sentAs, body } = message;
  if (type !== 'slack') return { receiver, status, body };
  const shown = { title: slackField(message, 'title'), text: slackField(message, 'text') };
  const form = sentAs === 'post' ? {} : { sent_as: sentAs };
  return { receiver, ...(status !== undefined && { status }), ...form, ...shown, ...failureOf(message) };
}

function failureOf({ failure }: Message): object {
  return failure === undefined ? {} : { failure };
}

/** Returns all links in a message: those of `<url|text>`, and plain URLs. */
function linksIn(body: unknown): string[] {
  if (typeof body === 'string') return body.match(/https?:\/\/[^\s<>|"`]+/g) ?? [];
  if (typeof body !== 'object' || body === null) return [];
  return [...new Set(Object.values(body).flatMap(linksIn))];
}

/** Returns the parts of a value that an expectation has: objects may have more fields, lists are compared in full. */
function narrowed(value: unknown, wanted: unknown): unknown {
  if (Array.isArray(wanted) && Array.isArray(value))
    return value.map((item, i) => (i < wanted.length ? narrowed(item, wanted[i]) : item));
  if (!isObject(wanted) || !isObject(value)) return value;
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, narrowed(value[key], wanted[key])]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
