import { SlackApi, type SlackWorkspace } from './slack-api';

const TOKEN = 'xoxb-0-test';
const WORKSPACE: SlackWorkspace = { tokens: [TOKEN], channels: { '#alerts': 'C0' }, others: ['#other'] };
const HEADERS = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };

/** Returns the status and the body of the response. */
function call(api: SlackApi, method: string, given: unknown, headers: Readonly<Record<string, string>> = HEADERS) {
  const body = typeof given === 'string' ? given : JSON.stringify(given);
  const answer = api.answer({ method: 'POST', path: `/api/${method}`, headers, body, time: 0 });
  return { status: answer.status ?? 200, headers: answer.headers, ...JSON.parse(answer.body) };
}

const post = (api: SlackApi, given: object) =>
  call(api, 'chat.postMessage', { channel: '#alerts', text: 'a', ...given });

test('returns the ID of a channel, which an update requires', () => {
  const api = new SlackApi(WORKSPACE);
  const { ok, channel, ts } = post(api, {});

  expect({ ok, channel }).toEqual({ ok: true, channel: 'C0' });
  expect(call(api, 'chat.update', { channel, ts, text: 'b' })).toMatchObject({ ok: true, ts });
  expect(call(api, 'chat.update', { channel: '#alerts', ts, text: 'b' }).error).toBe('channel_not_found');
  expect(api.messages).toEqual([{ ts, channel: 'C0', content: { text: 'b' }, edits: 1 }]);
});

test('replies are in the thread of a message; those to a deleted message are in the channel', () => {
  const api = new SlackApi(WORKSPACE);
  const { ts } = post(api, {});
  post(api, { thread_ts: ts });
  api.delete(ts);
  post(api, { thread_ts: ts });

  expect(api.messages.map(({ thread_ts }) => thread_ts)).toEqual([ts, undefined]);
});

test.each<[string, string, unknown, object]>([
  ['not_authed', 'chat.postMessage', {}, { 'content-type': 'application/json' }],
  ['invalid_auth', 'chat.postMessage', {}, { ...HEADERS, authorization: 'Bearer xoxb-0-other' }],
  ['invalid_post_type', 'chat.postMessage', {}, { ...HEADERS, 'content-type': 'text/html' }],
  ['invalid_json', 'chat.postMessage', '{', HEADERS],
  ['invalid_json', 'chat.postMessage', [], HEADERS],
  ['unknown_method', 'chat.delete', {}, HEADERS],
  ['channel_not_found', 'chat.postMessage', { text: 'a' }, HEADERS],
  ['channel_not_found', 'chat.postMessage', { channel: '#nowhere', text: 'a' }, HEADERS],
  ['not_in_channel', 'chat.postMessage', { channel: '#other', text: 'a' }, HEADERS],
  ['no_text', 'chat.postMessage', { channel: 'C0', attachments: [{ color: 'good' }] }, HEADERS],
  ['too_many_attachments', 'chat.postMessage', { channel: 'C0', attachments: Array(101).fill({ text: 'a' }) }, HEADERS],
  ['invalid_thread_ts', 'chat.postMessage', { channel: 'C0', text: 'a', thread_ts: '0' }, HEADERS],
  ['message_not_found', 'chat.update', { channel: 'C0', text: 'a', ts: '1700000000.000001' }, HEADERS],
  ['channel_not_found', 'chat.update', { text: 'a', ts: '1700000000.000001' }, HEADERS],
])('refuses a request with %s and status 200', (error, method, given, headers) => {
  const api = new SlackApi(WORKSPACE);

  expect(call(api, method, given, { ...headers })).toMatchObject({ status: 200, ok: false, error });
  expect(api.messages).toEqual([]);
});

test('truncates a text of more than 40,000 characters', () => {
  const api = new SlackApi(WORKSPACE);

  expect(post(api, { text: 'a'.repeat(40_001) })).toMatchObject({
    ok: true,
    response_metadata: { warnings: ['message_truncated'] },
  });
  expect(api.messages[0]?.content.text).toHaveLength(40_000);
});

test('limits the rate, or fails, once', () => {
  const api = new SlackApi();
  api.limitNext(30);
  api.failNext('is_archived');

  expect(post(api, {})).toMatchObject({ status: 429, ok: false, headers: { 'Retry-After': '30' } });
  expect(post(api, {})).toMatchObject({ status: 200, ok: false, error: 'is_archived' });
  expect(post(api, {})).toMatchObject({ status: 200, ok: true, channel: '#alerts' });
});
